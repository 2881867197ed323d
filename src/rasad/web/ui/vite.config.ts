// The script of the desk and what it loads when a page needs it, built into ../assets/built with a manifest that rasad.web.shell reads;
// and the shapes of the world, for the map of rasad.pictures.flows.
import { copyFileSync, mkdirSync } from "node:fs";
import { defineConfig } from "vite";

const world = {
  name: "world",
  closeBundle() {
    mkdirSync("../../pictures/built", { recursive: true });
    copyFileSync("node_modules/world-atlas/countries-110m.json", "../../pictures/built/countries.json");
  },
};

export default defineConfig({
  base: "./",
  plugins: [world],
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
