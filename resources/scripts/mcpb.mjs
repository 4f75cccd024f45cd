// `npm run mcpb`: dist/wheelhouse.mcpb, the extension with which Claude Desktop is connected by one click. It holds the
// bridge as one file of JavaScript; the core stays the installed application.
import './require-node.mjs';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'vite';
import { TOOLS } from '../../main/server/mcp/tools.ts';

/** What Claude Desktop brings along may be older than what the application needs. */
const OLDEST_NODE = 'node20';

/** Lays out what the extension holds in `folder`. */
export async function layOutExtension(root, folder) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(join(root, 'resources/mcpb/manifest.json'), 'utf8'));
  const tools = TOOLS.map(({ name, description }) => ({ name, description }));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify({ ...manifest, version, tools }, null, 2)}\n`);
  copyFileSync(join(root, 'resources/icons/app.png'), join(folder, 'icon.png'));
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: 'main/cli/mcp-bridge/standalone.ts',
      target: OLDEST_NODE,
      outDir: join(folder, 'server'),
      emptyOutDir: true,
      minify: true,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'bridge.mjs', codeSplitting: false } },
    },
  });
}

/** Packs a laid out extension. The official tool checks the manifest before. */
export function packExtension(root, folder, file) {
  const tool = join(root, 'node_modules/@anthropic-ai/mcpb/dist/cli/cli.js');
  mkdirSync(dirname(file), { recursive: true });
  for (const words of [['validate', join(folder, 'manifest.json')], ['pack', folder, file]]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...words], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`mcpb ${words[0]} failed:\n${stdout}${stderr}`);
  }
}

if (process.argv[1] === import.meta.filename) {
  const root = resolve(import.meta.dirname, '../..');
  const folder = mkdtempSync(join(tmpdir(), 'wheelhouse-mcpb-'));
  const file = join(root, 'dist/wheelhouse.mcpb');
  try {
    await layOutExtension(root, folder);
    packExtension(root, folder, file);
    process.stdout.write(`${file}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
