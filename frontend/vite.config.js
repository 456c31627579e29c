import { defineConfig } from "vite";

// The bundle lands inside the Python package. Names carry a hash of their content, so the server
// may let browsers keep them for ever; `manifest.json` tells it which names are today's.
export default defineConfig({
  base: "./", // addresses inside the CSS are relative: the bundle works under any prefix
  publicDir: false,
  build: {
    outDir: "../src/fanlight/web/static/bundle",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "baseline-widely-available",
    // `light-dark()` stays as written: tokens.css has each colour once
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0, // fonts and marks are kept by the browser, pages are not
    modulePreload: { polyfill: false },
    rollupOptions: {
      // what every page of the studio begins with, in one piece: each request before the first paint counts
      output: { codeSplitting: { groups: [{ name: "common", test: /\/src\/(copying|times)\.ts$/ }] } },
      input: [
        "src/studio.ts",
        "src/library.ts",
        "src/live.ts",
        "src/channels.ts",
        "src/arrange.ts",
        "src/upload/island.ts",
        "src/gallery/gallery.ts",
        "src/gallery/door.ts",
        "src/gallery/first.ts",
        "src/styles/gallery.css",
        "src/embed.ts",
        "src/framed.ts",
      ],
    },
  },
});
