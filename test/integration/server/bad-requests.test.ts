import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { keptLog } from '../../support/kept-log.ts';
import { rawGet, sendRaw } from '../../support/raw-http.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';

let rig: TestCore;
beforeAll(async () => {
  rig = await startCore({ config: { server: { max_body_kb: 64 } } });
});
afterAll(async () => rig.stop());

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly body: string;
}

async function answerOf(response: Response): Promise<Answer> {
  const body = await response.text();
  const { error } = JSON.parse(body) as { error?: { code: string; message: string } };
  return { status: response.status, code: error?.code ?? 'none', message: error?.message ?? '', body };
}

/** A call of the command line over HTTP with exactly this body. */
async function post(name: string, body: string | Blob | ReadableStream | null, headers: Record<string, string> = { 'content-type': 'application/json' }): Promise<Answer> {
  const init = { method: 'POST', body, headers: { authorization: `Bearer ${rig.localKey}`, ...headers } };
  return answerOf(await fetch(`${rig.url}/v1/call/${name}`, body instanceof ReadableStream ? { ...init, duplex: 'half' } : init));
}

async function stillServes(): Promise<void> {
  expect((await fetch(`${rig.url}/health`)).status).toBe(200);
}

describe('a call', () => {
  test('that does not exist is 404 with the nearest name', async () => {
    const answer = await post('messages.psot', '{}');
    expect(answer).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(answer.message).toContain("Did you mean 'messages.post'?");
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '%00', 'x'.repeat(3000)])('named %s is 404 as well', async (name) => {
    expect(await post(name, '{}')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  test.each([
    ['is not JSON', '{"to_role":'],
    ['is only a word', 'hello'],
    ['has a broken escape', '{"body":"\\u12"}'],
  ])('whose body %s is 400', async (_what, body) => {
    const answer = await post('messages.post', body);
    expect(answer).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
    expect(answer.message).toContain('not valid JSON');
  });

  test.each(['[]', '5', '"text"', 'true', '{"to_role":"FE"}', '{"to_role":7,"body":"x"}', '{"to_role":"FE","body":"x","colour":"red"}', '{"to_role":"FE","body":""}'])(
    'with the arguments %s is INPUT_INVALID',
    async (body) => {
      expect(await post('messages.post', body)).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
    },
  );

  test('names the argument that is wrong, the rule and what there is', async () => {
    expect((await post('sessions.create', '{"agnet":"alice"}')).message).toMatch(/agent must be text.*there is no argument 'agnet' \(it takes agent, ttl_sec,/);
    expect((await post('settings.set', '{"theme":"pink"}')).message).toContain('theme must be one of system, light, dark');
    expect((await post('messages.inbox', '{"role":"FF"}')).message).toContain('FE, BE, AI, Producer');
    expect((await post('snapshot.get', '{"x":1}')).message).toContain("there is no argument 'x' (it takes none)");
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx'])('as %s is 415', async (type) => {
    expect(await post('snapshot.get', '{}', { 'content-type': type })).toMatchObject({ status: 415, code: 'MEDIA_TYPE' });
  });

  test('without a declared type is 415, without a body it needs none', async () => {
    expect(await post('snapshot.get', new Blob(['{}']), {})).toMatchObject({ status: 415, code: 'MEDIA_TYPE' });
    expect(await post('snapshot.get', null, {})).toMatchObject({ status: 200 });
    expect(await post('snapshot.get', '{}', { 'content-type': 'application/json; charset=utf-8' })).toMatchObject({ status: 200 });
  });

  test('of more than the allowed bytes is 413, whether it declares its length or not', async () => {
    const large = JSON.stringify({ to_role: 'FE', body: 'x'.repeat(70_000) });
    expect(await post('messages.post', large)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let part = 0; part < 70; part += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(1024)));
        controller.close();
      },
    });
    expect(await post('messages.post', stream)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    await stillServes();
  });

  test('of the command line is 403 for a window', async () => {
    const cookie = await rig.windowCookie();
    for (const name of ['sessions.list', 'ui.link', 'backup.now', 'locks.acquire']) {
      const response = await fetch(`${rig.url}/v1/call/${name}`, { method: 'POST', body: '{}', headers: { cookie, 'content-type': 'application/json' } });
      expect(await answerOf(response)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
  });

  test('that fails has the status of its code and both forms of the answer', async () => {
    const answer = await post('tasks.update', '{"task_id":999,"status":"done"}');
    expect(answer).toMatchObject({ status: 404, code: 'TASK_NOT_FOUND' });
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { details: { task_id: 999 }, retryable: false } });
  });
});

describe('a request from elsewhere', () => {
  test.each(['evil.example', 'localhost', '127.0.0.1', 'localhost:1', '127.0.0.1.nip.io'])('for the host %s is 403', async (host) => {
    const answer = await sendRaw(rig.url, rawGet('/health', { Host: host }));
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'HOST_REFUSED' } });
  });

  test('without a Host header gets no further', async () => {
    expect((await sendRaw(rig.url, 'GET /health HTTP/1.0\r\n\r\n')).status).toBe(400);
    expect((await sendRaw(rig.url, rawGet('/health', {}))).status).toBe(400);
  });

  test.each(['http://evil.example', 'null', 'http://localhost:1', 'https://127.0.0.1'])('from the origin %s is 403, before anything else is looked at', async (origin) => {
    for (const path of ['/health', '/mcp', '/v1/call/snapshot.get', '/ui/', '/nowhere']) {
      const response = await fetch(rig.url + path, { headers: { origin, authorization: `Bearer ${rig.localKey}` } });
      expect({ path, status: response.status }).toEqual({ path, status: 403 });
    }
  });

  test('from its own origin passes', async () => {
    expect((await fetch(`${rig.url}/health`, { headers: { origin: rig.url } })).status).toBe(200);
  });
});

describe('bytes that are no request', () => {
  test.each([
    ['rubbish', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'],
    ['a header that is too long', `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`],
    ['a wrong length', 'POST /v1/call/x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n'],
    ['length and chunks at once', 'POST /v1/call/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ])('%s are answered with 4xx, and the server lives on', async (_what, text) => {
    const { status } = await sendRaw(rig.url, text);
    expect(status >= 400 && status < 500).toBe(true);
    await stillServes();
  });

  test('an upgrade to something else than a WebSocket is answered as a plain request', async () => {
    const host = new URL(rig.url).host;
    const answer = await sendRaw(rig.url, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n`);
    expect(answer.status).toBe(200);
  });
});

describe('with a core of its own', () => {
  let own: TestCore | null = null;
  afterEach(async () => {
    await own?.stop();
    own = null;
  });

  test('who asks too often waits; others do not', async () => {
    const clock = new FakeClock();
    own = await startCore({ clock, config: { server: { rate_limit_rpm: 60 } } });
    const { url, localKey } = own;
    const ask = async (): Promise<Response> =>
      fetch(`${url}/v1/call/agents.list`, { method: 'POST', headers: { authorization: `Bearer ${localKey}`, 'content-type': 'application/json' }, body: '{}' });
    for (let count = 0; count < 60; count += 1) expect((await ask()).status).toBe(200);
    const limited = await ask();
    expect(limited.headers.get('retry-after')).toBe('1');
    expect(await answerOf(limited)).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    clock.advance(1000);
    expect((await ask()).status).toBe(200);
  });

  test('guessing keys uses up the share of the address', async () => {
    own = await startCore({ clock: new FakeClock(), config: { server: { rate_limit_rpm: 60 } } });
    const guess = async (): Promise<number> => (await fetch(`${own!.url}/mcp`, { method: 'POST', headers: { authorization: 'Bearer guess' } })).status;
    for (let count = 0; count < 60; count += 1) expect(await guess()).toBe(401);
    expect(await guess()).toBe(429);
  });

  test('a fault inside is INTERNAL with a request id, and only the log has the rest', async () => {
    const { log, lines } = keptLog();
    own = await startCore({ log });
    const file = join(own.dataDir, 'data', 'wheelhouse.db');
    const db = new Database(file);
    db.exec('DROP TABLE task_dependencies; DROP TABLE tasks');
    db.close();
    const response = await fetch(`${own.url}/v1/call/tasks.list`, {
      method: 'POST',
      headers: { authorization: `Bearer ${own.localKey}`, 'content-type': 'application/json' },
      body: '{"limit":10}',
    });
    const id = response.headers.get('x-request-id')!;
    const answer = await answerOf(response);
    expect(answer).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(answer.message).toContain(id);
    expect(answer.body).not.toMatch(/SQL|table|sqlite|\.ts|node_modules/i);
    const logged = lines.find((line) => line.message.includes(id));
    expect(logged?.level).toBe('error');
    expect(String(logged?.fields['err'])).toContain('no such table');
  });

  test('while the kill switch is on, agents are shut out, the person sees, and nothing is changed', async () => {
    own = await startCore();
    const { url } = own;
    const call: TestCore['call'] = async (name, args) => own!.call(name, args);
    const { token, sessionId } = await own.agent('alice', 'FE');
    const db = new Database(join(own.dataDir, 'data', 'wheelhouse.db'));
    db.exec(`UPDATE system_state SET value = '"ACTIVATED"' WHERE key = 'kill_switch_status'`);
    db.close();
    const locked = await fetch(`${url}/mcp`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' });
    expect(await answerOf(locked)).toMatchObject({ status: 503, code: 'SYSTEM_LOCKED' });
    const health = await fetch(`${url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'locked', killSwitch: { active: true, state: 'ACTIVATED' } });
    expect((await call('snapshot.get', {})).status).toMatchObject({ state: 'locked', killSwitch: 'ACTIVATED' });
    await expect(call('messages.post', { to_role: 'FE', body: 'x' })).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
    await expect(call('agents.add', { name: 'bob', role: 'BE' })).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
    expect((await call('sessions.revoke', { session_id: sessionId })).session.state).toBe('revoked');
  });
});
