import { resolve } from 'node:path';
import { build, type InlineConfig } from 'vite';
import config from '../../../electron.vite.config.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Builds the windows as `npm run build` does, into a folder of the caller's. */
export async function buildWindows(outDir: string): Promise<void> {
  const { renderer } = config as { readonly renderer: InlineConfig };
  const before = process.env['NODE_ENV'];
  // A test runner sets another one, and vite would then bundle React for development.
  process.env['NODE_ENV'] = 'production';
  try {
    await build({
      ...renderer,
      configFile: false,
      mode: 'production',
      logLevel: 'warn',
      root: resolve(ROOT, 'renderer'),
      build: { ...renderer.build, outDir, emptyOutDir: true, manifest: true, rolldownOptions: { input: { index: resolve(ROOT, 'renderer/index.html') } } },
    });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}
