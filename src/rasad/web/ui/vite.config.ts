// The script of the desk and what it loads when a page needs it, built into ../assets/built with a manifest that rasad.web.shell reads.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    outDir: "../assets/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500, // Vega, which is loaded only when a picture is wanted live
    rollupOptions: { input: "src/desk.ts" },
  },
  test: { environment: "jsdom" },
} as never);
