// `npm run pack:tree`: assembles the tree that the installers would hold, around a stand-in for Electron's own files,
// and prints its size; `--keep <folder>` leaves it there. Real installers need Electron's download; what is ours does not.
import './require-node.mjs';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, Platform } from 'electron-builder';
import { buildIfStale } from './build-if-stale.mjs';

/** Electron's programs carry this text, followed by the version, the number and the states of their fuses. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_COUNT = 9;
const FUSE_OFF = 0x30;

/** Files in the places where Electron's own would be, as far as the builder touches them. */
export function writeElectronStandIn(folder) {
  const fuses = Buffer.from([1, FUSE_COUNT, ...Array.from({ length: FUSE_COUNT }, () => FUSE_OFF)]);
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from(FUSE_SENTINEL), fuses]), { mode: 0o755 });
  writeFileSync(join(folder, 'chrome-sandbox'), '', { mode: 0o755 });
  for (const locale of ['en-US', 'ko', 'fr', 'de']) writeFileSync(join(folder, 'locales', `${locale}.pak`), '');
}

/** Assembles the Linux tree of `root` in `output` and returns its folder. */
export async function packTree(root, output) {
  const electronDist = join(output, 'electron');
  writeElectronStandIn(electronDist);
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir'),
    publish: 'never',
    config: { extends: join(root, 'electron-builder.yml'), electronDist, directories: { output: join(output, 'dist') } },
  });
  const folder = readdirSync(join(output, 'dist')).find((name) => /^linux.*unpacked$/.test(name));
  return join(output, 'dist', folder);
}

function sizeOf(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

if (process.argv[1] === import.meta.filename) {
  const root = resolve(import.meta.dirname, '../..');
  const { values } = parseArgs({ options: { keep: { type: 'string' } } });
  const output = values.keep === undefined ? mkdtempSync(join(tmpdir(), 'wheelhouse-pack-')) : resolve(values.keep);
  try {
    await buildIfStale(root);
    const resources = join(await packTree(root, output), 'resources');
    const asar = sizeOf(join(resources, 'app.asar'));
    const native = sizeOf(join(resources, 'app.asar.unpacked'));
    process.stdout.write(`app.asar ${megabytes(asar)} + unpacked ${megabytes(native)} = ${megabytes(asar + native)} without Electron\n`);
  } finally {
    if (values.keep === undefined) rmSync(output, { recursive: true, force: true });
  }
}
