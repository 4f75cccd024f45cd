import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeMcpToken } from '../../../main/access/token-file.ts';
import { TOOLS } from '../../../main/server/mcp/tools.ts';
import { ask } from '../../support/mcp-clients.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

const { layOutExtension, packExtension } = (await import(join(ROOT, 'resources/scripts/mcpb.mjs'))) as {
  readonly layOutExtension: (root: string, folder: string) => Promise<void>;
  readonly packExtension: (root: string, folder: string, file: string) => void;
};

let temp: ReturnType<typeof makeTempDir>;
let core: TestCore;
let laidOut: string;
let unpacked: string;
beforeAll(async () => {
  temp = makeTempDir('mcpb-');
  laidOut = join(temp.path, 'laid-out');
  unpacked = join(temp.path, 'unpacked');
  await layOutExtension(ROOT, laidOut);
  packExtension(ROOT, laidOut, join(temp.path, 'wheelhouse.mcpb'));
  const tool = join(ROOT, 'node_modules/@anthropic-ai/mcpb/dist/cli/cli.js');
  expect(spawnSync(process.execPath, [tool, 'unpack', join(temp.path, 'wheelhouse.mcpb'), unpacked]).status).toBe(0);
  core = await startCore();
});
afterAll(async () => {
  await core.stop();
  temp.remove();
});

/** Starts the extension as Claude Desktop does, with what its settings page would hold. */
const open = async (settings: Readonly<Record<string, string>>): Promise<Client> => {
  const { server } = JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8')) as { server: { mcp_config: { args: string[]; env: Record<string, string> } } };
  const fill = (text: string): string => text.replaceAll('${__dirname}', unpacked).replaceAll(/\$\{user_config\.(\w+)\}/g, (place, key: string) => settings[key] ?? place);
  const { args, env } = server.mcp_config;
  const client = new Client({ name: 'extension-test', version: '0' }, { versionNegotiation: { mode: 'legacy' } });
  const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]));
  await client.connect(new StdioClientTransport({ command: process.execPath, args: args.map(fill), env: { ...filled, HOME: temp.path }, stderr: 'ignore' }));
  return client;
};

it('holds the bridge as one file, the icon, and a manifest with the version and the tools', () => {
  expect(readdirSync(unpacked).toSorted()).toEqual(['icon.png', 'manifest.json', 'server']);
  expect(readdirSync(join(unpacked, 'server'))).toEqual(['bridge.mjs']);
  const manifest = JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8')) as { version: string; tools: { name: string }[] };
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(manifest.version).toBe(version);
  expect(manifest.tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
});

it('connects to the core, with the settings filled in or left empty', async () => {
  const { token } = await core.agent('desk', 'FE');
  await writeMcpToken(join(core.dataDir, 'mcp-tokens', 'desk'), token);
  const filled = await open({ data_dir: core.dataDir, agent: 'desk', base_url: '' });
  expect(await ask(filled, 'whoami')).toMatchObject({ role: 'FE' });
  await filled.close();
  const empty = await open({});
  expect((await empty.listTools()).tools).toHaveLength(TOOLS.length);
  expect(await ask(empty, 'whoami')).toMatchObject({ status: 'session_expired' });
  await empty.close();
});

it('is not packed with a manifest that the official tool refuses', () => {
  const manifest = join(laidOut, 'manifest.json');
  const good = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, good.replace('"manifest_version": "0.3"', '"manifest_version": 3'));
  expect(() => packExtension(ROOT, laidOut, join(temp.path, 'bad.mcpb'))).toThrow(/mcpb validate failed/);
  writeFileSync(manifest, good);
});
