import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTool } from '../../support/run-tool.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const manifest = fileURLToPath(import.meta.resolve('@modelcontextprotocol/inspector/package.json'));
const { bin } = JSON.parse(readFileSync(manifest, 'utf-8')) as { readonly bin: Record<string, string> };
const INSPECTOR = join(dirname(manifest), bin['mcp-inspector']!);

let core: TestCore;
let token: string;
const home = makeTempDir();
beforeAll(async () => {
  core = await startCore();
  ({ token } = await core.agent('backend', 'BE'));
});
afterAll(async () => {
  await core.stop();
  home.remove();
});

function inspect(era: 'modern' | 'legacy', ...args: string[]) {
  const server = [`${core.url}/mcp`, '--transport', 'http', '--protocol-era', era, '--header', `Authorization: Bearer ${token}`];
  return runTool(INSPECTOR, ['--cli', ...server, ...args, '--format', 'json'], { HOME: home.path });
}

describe.each(['modern', 'legacy'] as const)('the inspector in the %s era', (era) => {
  test('finds nothing in the schemas of the tools that a client could stumble over', async () => {
    const { code, stdout, stderr } = await inspect(era, '--method', 'tools/list', '--strict');
    expect(stderr).not.toMatch(/Issue:|warning/i);
    expect(code).toBe(0);
    expect(stdout).toContain('"post_message"');
  });

  test('calls a tool', async () => {
    const { code, stdout } = await inspect(era, '--method', 'tools/call', '--tool-name', 'acquire_lock', '--tool-arg', 'resource=compose');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ result: { structuredContent: { acquired: true } } });
  });

  test('reads a resource', async () => {
    const { code, stdout } = await inspect(era, '--method', 'resources/read', '--uri', 'bus://locks');
    expect(code).toBe(0);
    expect(stdout).toContain('compose');
  });
});
