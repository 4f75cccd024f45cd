import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Native code and vendored programs are found through their own folder, so they stay outside the bundles. */
const NATIVE = ['better-sqlite3', '@node-rs/argon2', 'electron'];

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      minify: true,
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'main/index.ts', cli: 'main/cli.ts' },
        external: [...NATIVE, 'bufferutil', 'utf-8-validate'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      // A sandboxed preload must be one self-contained CommonJS file.
      rolldownOptions: {
        input: { index: 'preload/index.ts' },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      // The content security policy forbids data: scripts and fonts; small icons stay files as well.
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: 'renderer/index.html' } },
    },
  },
});
