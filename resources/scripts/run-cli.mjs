// `npm run -s wheelhouse -- <command>`: the command of this checkout, built first when the sources are newer.
import './require-node.mjs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale } from './build-if-stale.mjs';

const root = resolve(import.meta.dirname, '../..');
try {
  await buildIfStale(root, { quiet: true });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import(pathToFileURL(resolve(root, 'out/main/cli.js')).href);
