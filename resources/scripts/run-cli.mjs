// `npm run -s wheelhouse -- <command>`: the command of this checkout, built first when the sources are newer.
import './require-node.mjs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale } from './build-if-stale.mjs';

const root = resolve(import.meta.dirname, '../..');
try {
  await buildIfStale(root);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
// As if Node had been started with the program itself, which is what it writes into the files of other programs.
process.argv[1] = resolve(root, 'out/main/cli.js');
await import(pathToFileURL(process.argv[1]).href);
