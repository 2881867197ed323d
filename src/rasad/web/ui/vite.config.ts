// The modules of the desk, each built into ../assets/built with a manifest that rasad.web.shell reads.
import { defineConfig } from "vite";

const modules = ["desk", "pictures", "document", "review", "add"];

export default defineConfig({
  base: "./",
  build: {
    outDir: "../assets/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500, // Vega, which is loaded only when a picture is wanted live
    rollupOptions: { input: modules.map((name) => `src/${name}.ts`) },
  },
  test: { environment: "jsdom" },
} as never);
