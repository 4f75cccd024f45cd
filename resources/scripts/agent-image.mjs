// `npm run build:agent`: out/agent, the context from which the image of agents is built. The runner inside the image is
// compiled here, ahead, so that a container starts without a compiler.
import './require-node.mjs';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

/** The Node of the image (Containerfile). */
const IMAGE_NODE = 'node24';
/** Installed in the image by npm, from the lock file. */
const INSTALLED = ['@anthropic-ai/claude-agent-sdk', 'zod'];

/** Compiles the runner of `root` to `<folder>/runner.mjs`. */
export async function buildRunner(root, folder) {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true, external: INSTALLED, target: 'node' },
    build: {
      ssr: 'resources/agent/src/main.ts',
      target: IMAGE_NODE,
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { external: INSTALLED, output: { format: 'es', entryFileNames: 'runner.mjs', codeSplitting: false } },
    },
  });
}

/** Lays out what the image is built from in `folder`. */
export async function layOutImage(root, folder) {
  mkdirSync(folder, { recursive: true });
  const source = join(root, 'resources/agent');
  for (const name of ['Containerfile', 'package.json']) copyFileSync(join(source, name), join(folder, name));
  // npm takes both names for the same; electron-builder leaves out everything that is called package-lock.json.
  copyFileSync(join(source, 'package-lock.json'), join(folder, 'npm-shrinkwrap.json'));
  await buildRunner(root, folder);
}

if (process.argv[1] === import.meta.filename) {
  const root = resolve(import.meta.dirname, '../..');
  const folder = join(root, 'out/agent');
  await layOutImage(root, folder);
  process.stdout.write(`${folder}\n`);
}
