import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { keptLog } from '../../support/kept-log.ts';
import { startCore, type CoreOverrides, type TestCore } from '../../support/start-core.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let temp: ReturnType<typeof makeTempDir>;
let dataDir: string;
const running: TestCore[] = [];

beforeEach(() => {
  temp = makeTempDir();
  dataDir = join(temp.path, 'data-dir');
});
afterEach(async () => {
  for (const core of running.splice(0)) await core.stop();
  temp.remove();
});

async function start(overrides: CoreOverrides = {}): Promise<TestCore> {
  const core = await startCore({ dataDir, ...overrides });
  running.push(core);
  return core;
}

async function refusal(overrides: CoreOverrides): Promise<{ readonly code: string; readonly message: string; readonly details: Record<string, unknown> }> {
  return start(overrides).then(
    () => {
      throw new Error('it started');
    },
    (error: unknown) => error as never,
  );
}

describe('a start', () => {
  test('makes a private data directory and answers at once', async () => {
    const { url, core } = await start();
    expect(await (await fetch(`${url}/v1/health`)).json()).toMatchObject({ status: 'ok', name: 'Wheelhouse', dependencies: { database: 'ok', bus: 'ok' } });
    expect(core.info).toMatchObject({ name: 'Wheelhouse', mode: 'headless', mcpUrl: `${url}/mcp`, dataDir });
    if (process.platform !== 'win32') expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  test('keeps everything that was there', async () => {
    const first = await start();
    await first.agent('alice', 'FE');
    await first.call('messages.post', { to_role: 'FE', body: 'before' });
    await first.stop();
    const second = await start();
    const { result } = (await second.core.call('snapshot.get', {}, 'window')) as { result: { messages: readonly { body: string }[]; agents: readonly unknown[] } };
    expect(result.messages.map((message) => message.body)).toEqual(['before']);
    expect(result.agents).toHaveLength(1);
  });

  test('sweeps what a killed token writer left behind', async () => {
    mkdirSync(join(dataDir, 'mcp-tokens'), { recursive: true, mode: 0o700 });
    const left = [join(dataDir, '.mcp-token.12.0123abcd.tmp'), join(dataDir, 'mcp-tokens', '.alice.12.0123abcd.tmp')];
    for (const file of left) writeFileSync(file, 'x');
    await start({ clock: new FakeClock(Date.now() + 120_000) });
    expect(left.filter((file) => existsSync(file))).toEqual([]);
  });

  test('keeps the key of the command line to its owner, and takes it away at the end', async () => {
    const { localKey, stop } = await start().then((core) => ({ localKey: core.localKey, stop: async () => core.stop() }));
    const file = join(dataDir, 'data', 'local-key');
    expect(localKey).toMatch(/^[0-9a-f]{64}$/);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    await stop();
    expect(existsSync(file)).toBe(false);
  });
});

describe('a start is refused', () => {
  test('a second time on the same directory, naming the process and its port', async () => {
    const first = await start();
    const error = await refusal({});
    expect(error.code).toBe('ALREADY_RUNNING');
    expect(error.message).toContain(`process ${process.pid}`);
    expect(error.message).toContain(new URL(first.url).port);
    expect((await fetch(`${first.url}/health`)).status).toBe(200);
  });

  test('when another Wheelhouse has the port, naming it', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    const error = await refusal({ dataDir: join(temp.path, 'other'), config: { server: { port } } });
    expect(error.code).toBe('PORT_TAKEN');
    expect(error.message).toMatch(new RegExp(`Port ${port} .* another Wheelhouse \\(0\\.0\\.0-test, process ${process.pid}\\).*server\\.port`));
  });

  test('when another program has the port, naming it where the system tells', async () => {
    const other = createServer((_request, response) => response.end('{}'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const error = await refusal({ config: { server: { port } } });
    other.close();
    expect(error.code).toBe('PORT_TAKEN');
    if (process.platform === 'linux') expect(error.message).toContain(`process ${process.pid}`);
  });

  test('and leaves nothing behind: the next start on the same directory works', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect((await refusal({ config: { server: { port } } })).code).toBe('PORT_TAKEN');
    expect(existsSync(join(dataDir, 'daemon.lock'))).toBe(false);
    expect(existsSync(join(dataDir, 'data', 'local-key'))).toBe(false);
    other.close();
    expect((await fetch(`${(await start()).url}/health`)).status).toBe(200);
  });

  test('for an address that other machines reach, unless that was meant', async () => {
    const error = await refusal({ config: { server: { host: '0.0.0.0' } } });
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('server.allow_remote');
    const meant = await start({ config: { server: { host: '0.0.0.0', allow_remote: true } } });
    expect((await fetch(`${meant.url}/health`)).status).toBe(200);
    expect(meant.core.info.mcpUrl).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  test('for an address that is not of this machine', async () => {
    const error = await refusal({ config: { server: { host: '192.0.2.1', allow_remote: true } } });
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('192.0.2.1');
  });

  test('with the conformance fixtures anywhere but on loopback', async () => {
    expect((await refusal({ conformance: true, config: { server: { host: '0.0.0.0', allow_remote: true } } })).code).toBe('CONFIG_INVALID');
  });

  test('when the data directory is a file or a link', async () => {
    writeFileSync(join(temp.path, 'a-file'), '');
    expect((await refusal({ dataDir: join(temp.path, 'a-file') })).code).toBe('DATA_DIR_UNUSABLE');
    mkdirSync(join(temp.path, 'real'));
    symlinkSync(join(temp.path, 'real'), join(temp.path, 'link'));
    expect((await refusal({ dataDir: join(temp.path, 'link') })).code).toBe('DATA_DIR_UNUSABLE');
    expect(readdirSync(join(temp.path, 'real'))).toEqual([]);
  });

  test('when the database is damaged, which stays as it is', async () => {
    mkdirSync(join(dataDir, 'data'), { recursive: true, mode: 0o700 });
    const file = join(dataDir, 'data', 'wheelhouse.db');
    writeFileSync(file, 'this is no database at all, but long enough to be one'.repeat(100));
    expect((await refusal({})).code).toBe('DATABASE_CORRUPT');
    expect(statSync(file).size).toBe(5300);
  });
});

describe('a stop', () => {
  test('works twice, at the same time and one after the other', async () => {
    const { core } = await start();
    await Promise.all([core.stop(), core.stop()]);
    await core.stop();
    expect(existsSync(join(dataDir, 'daemon.lock'))).toBe(false);
  });

  test('answers a call that waits instead of letting it hang', async () => {
    const { url, core, token } = await start().then(async (rig) => ({ ...rig, token: (await rig.agent('alice', 'FE')).token }));
    await core.call('locks.acquire', { resource: 'nas-deploy' }, 'cli');
    const waiting = fetch(`${url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'acquire_lock', arguments: { resource: 'nas-deploy', wait_sec: 50 } } }),
    }).then(async (response) => response.text());
    const queued = new Promise<void>((resolve) => {
      core.live.subscribe((event) => {
        const waiters = event.type === 'snapshot' ? event.snapshot.waiters : event.type === 'patch' ? (event.patch.waiters ?? []) : [];
        if (waiters.length > 0) resolve();
      });
    });
    await queued;
    await core.stop();
    expect(await waiting).toContain('NOT_RUNNING');
  });

  test('does not wait for somebody who sends nothing', async () => {
    const { url, core } = await start();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write('POST /v1/call/x HTTP/1.1\r\nHost: x\r\nContent-Le');
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    await core.stop();
    await closed;
    expect(socket.destroyed).toBe(true);
  });

  test('is quiet: nothing is reported as an error', async () => {
    const { log, lines } = keptLog();
    const core = await start({ log });
    await core.agent('alice', 'FE');
    core.core.live.subscribe(() => undefined);
    await core.call('messages.post', { to_role: 'FE', body: 'x' });
    await core.stop();
    expect(lines.filter((line) => line.level === 'error' || line.level === 'warn')).toEqual([]);
  });
});
