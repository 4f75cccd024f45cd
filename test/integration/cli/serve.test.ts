import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLI, CLI_ENV, spawnCli, type CliProcess } from '../../support/cli-process.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

describe('wheelhouse serve', () => {
  let dir: ReturnType<typeof makeTempDir>;
  let started: CliProcess[];
  beforeEach(() => {
    dir = makeTempDir();
    started = [];
  });
  afterEach(async () => {
    for (const cli of started) cli.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    dir.remove();
  });
  const wheelhouse = (...words: string[]): CliProcess => {
    const cli = spawnCli(words, { WAIAAS_DATA_DIR: dir.path });
    started.push(cli);
    return cli;
  };

  it.each(['SIGINT', 'SIGTERM'] as const)('is healthy once it says where it listens, and stops cleanly on %s', async (signal) => {
    const core = wheelhouse('serve', '--port', '0');
    const [, url] = await core.prints(/MCP clients: +(http:\S+)\/mcp/);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', pid: core.pid });
    expect(existsSync(join(dir.path, 'daemon.lock'))).toBe(true);
    core.kill(signal);
    expect(await core.ended).toBe(0);
    expect(existsSync(join(dir.path, 'daemon.lock'))).toBe(false);
    expect(existsSync(join(dir.path, 'data', 'local-key'))).toBe(false);
    expect(readdirSync(join(dir.path, 'data')).filter((name) => name.endsWith('-wal'))).toEqual([]);
  });

  it('prints a one-time link with --ui', async () => {
    const core = wheelhouse('serve', '--ui', '--port', '0', '--json');
    const [line] = await core.prints(/.*\n/);
    const { uiLink } = JSON.parse(line) as { uiLink: string };
    expect((await fetch(uiLink, { redirect: 'manual' })).headers.get('set-cookie')).toMatch(/HttpOnly/);
  });

  it('lets exactly one of two starts have the data directory', async () => {
    const core = wheelhouse('serve', '--port', '0');
    await core.prints(/MCP clients/);
    const second = wheelhouse('serve', '--port', '0');
    expect(await second.ended).toBe(4);
    expect(second.err()).toMatch(new RegExp(`runs already on ${dir.path}: process ${core.pid} at 127\\.0\\.0\\.1:\\d+`));
  });

  it('says who has its port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const core = wheelhouse('serve', '--port', String(port));
    expect(await core.ended).toBe(1);
    expect(core.err()).toContain(String(port));
    expect(existsSync(join(dir.path, 'daemon.lock'))).toBe(false);
    other.close();
  });

  it('refuses ports of the system', async () => {
    const core = wheelhouse('serve', '--port', '80');
    expect(await core.ended).toBe(2);
    expect(core.err()).toContain('1024');
  });

  it('writes a log without the key that it made', async () => {
    const core = wheelhouse('serve', '--port', '0');
    await core.prints(/MCP clients/);
    const key = readFileSync(join(dir.path, 'data', 'local-key'), 'utf8').trim();
    expect(statSync(join(dir.path, 'data', 'local-key')).mode & 0o777).toBe(0o600);
    core.kill('SIGTERM');
    await core.ended;
    const log = readFileSync(join(dir.path, 'logs', 'wheelhouse.log'), 'utf8');
    expect(log).toContain('is running');
    expect(log).not.toContain(key);
  });

  it('serves the fixtures of the conformance suite without a token, on request', async () => {
    const core = wheelhouse('serve', '--conformance', '--port', '0');
    const [, url] = await core.prints(/MCP clients: +(http:\S+)/);
    const response = await fetch(url!, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
    });
    expect(await response.text()).toContain('test_simple_text');
  });

  it.each([
    ['help', ['help']],
    ['a running core', ['serve', '--port', '0']],
  ])('ends cleanly when nobody reads the output any more: %s', async (_name, words) => {
    const cli = spawn(process.execPath, [CLI, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...CLI_ENV, WAIAAS_DATA_DIR: dir.path },
    });
    cli.stdout.destroy();
    let err = '';
    cli.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
    const [code] = (await once(cli, 'close')) as [number];
    expect({ code, err: err.replace('Stopping…\n', '') }).toEqual({ code: 0, err: '' });
    expect(existsSync(join(dir.path, 'daemon.lock'))).toBe(false);
  });
});
