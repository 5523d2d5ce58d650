import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

// The page of the console. It is built by `npm start` where it is out of date; nothing is served from here at run time.
export default defineConfig({
  root: new URL('./client/', import.meta.url).pathname,
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: {
    outDir: new URL('../build/client/', import.meta.url).pathname,
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
