import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RenewedContext, SessionNotice } from '../../../main/access/session-notices.ts';
import { createLog } from '../../../main/base/log.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { rawGet, sendRaw } from '../../support/raw-http.ts';
import { api, lockOwner } from '../../support/session-api.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const HOUR = 3_600_000;

let clock: FakeClock;
let temp: ReturnType<typeof makeTempDir>;
let rig: TestCore;
let notices: SessionNotice[];

const start = async (): Promise<TestCore> => startCore({ clock, dataDir: temp.path, notifySession: (_tx, notice) => void notices.push(notice) });
beforeEach(async () => {
  clock = new FakeClock();
  temp = makeTempDir();
  notices = [];
  rig = await start();
});
afterEach(async () => {
  await rig.stop();
  temp.remove();
});

/** A session whose renewal its owner was told of. */
async function renewed(name = 'alice'): Promise<{ readonly sessionId: string; readonly token: string; readonly link: string; readonly nonce: string }> {
  const { sessionId, token: first, agentId } = await rig.agent(name, 'FE', 3600);
  lockOwner(rig.dataDir, agentId);
  clock.advance(0.6 * HOUR);
  const { body } = await api(rig, 'PUT', `/v1/sessions/${sessionId}/renew`, first);
  const link = (notices.at(-1)!.context as RenewedContext).rejectUrl!;
  return { sessionId, token: body['token'] as string, link, nonce: new URL(link).searchParams.get('nonce')! };
}
const stateOf = async (sessionId: string) => (await rig.call('sessions.list', {})).sessions.find(({ id }) => id === sessionId)?.state;
const rejections = () => notices.filter(({ type }) => type === 'SESSION_RENEWAL_REJECTED');
const press = async (link: string, headers: Record<string, string> = {}): Promise<Response> => fetch(link, { method: 'POST', headers: { origin: rig.url, 'sec-fetch-site': 'same-origin', ...headers } });

describe('J1: the page behind the link', () => {
  test('asks, names agent, renewal and end of the token, and changes nothing, however often and by whom it is looked at', async () => {
    const { sessionId, token, link } = await renewed();
    const looks: readonly RequestInit[] = [
      {},
      { method: 'HEAD' },
      { headers: { 'sec-purpose': 'prefetch;prerender', purpose: 'prefetch' } },
      { headers: { 'user-agent': 'TelegramBot (like TwitterBot)' } },
      { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } },
    ];
    for (const look of looks) expect((await fetch(link, look)).status).toBe(200);
    const text = await (await fetch(link)).text();
    expect(text).toContain('Reject this renewal?');
    expect(text).toContain('<dd>alice (FE)</dd>');
    expect(text).toContain('<dd>1/30</dd>');
    expect(text).toContain('<form method="post">');
    expect(await stateOf(sessionId)).toBe('live');
    expect((await api(rig, 'GET', `/v1/sessions/${sessionId}`, token)).status).toBe(200);
    expect(rejections()).toEqual([]);
  });

  test('may be kept by nobody, framed by nobody, and sends its address to nobody', async () => {
    const { link } = await renewed();
    for (const answer of [await fetch(link), await press(link), await fetch(`${link}x`)]) {
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
    expect((await fetch(link)).headers.get('set-cookie')).toBeNull();
    const text = await (await fetch(link)).text();
    expect(text).not.toMatch(/<script|src=|https?:\/\//);
  });

  test('speaks the language of the browser, and the other one by its switch, which keeps the link', async () => {
    const { link } = await renewed();
    const korean = await (await fetch(link, { headers: { 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8' } })).text();
    expect(korean).toContain('<html lang="ko">');
    expect(korean).toContain('이 갱신을 거부할까요?');
    expect(korean).toContain('<button>거부하고 세션 종료</button>');
    const other = /<a href="([^"]+)" lang="en">English<\/a>/.exec(korean)![1]!.replaceAll('&amp;', '&');
    const english = await (await fetch(new URL(other, link), { headers: { 'accept-language': 'ko' } })).text();
    expect(english).toContain('Reject this renewal?');
    expect(english).toContain('lang="ko">한국어</a>');
  });

  test('shows the names of agents as text, whatever they look like', async () => {
    const { link, sessionId } = await renewed();
    const db = new Database(join(rig.dataDir, 'data', 'wheelhouse.db'));
    db.prepare('UPDATE agents SET name = ?').run('<img src=x onerror=alert(1)>"&');
    db.prepare('UPDATE sessions SET revoked_at = 1, revoke_reason = ? WHERE id = ?').run('</dd><script>', sessionId);
    db.close();
    const text = await (await fetch(link)).text();
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&amp;');
    expect(text).not.toContain('<img');
    expect(text).not.toContain('<script>');
  });
});

describe('J2: its button', () => {
  test('ends the session at once, says so in log and notice, and the next call of the agent is refused', async () => {
    const { sessionId, token, link } = await renewed();
    const pressed = await press(link);
    expect(pressed.status).toBe(200);
    expect(await pressed.text()).toContain('Renewal rejected');
    expect(await api(rig, 'GET', `/v1/sessions/${sessionId}`, token)).toMatchObject({ status: 401, code: 'SESSION_REVOKED' });
    expect(rejections()).toMatchObject([{ context: { sessionId, agentName: 'alice', renewalCount: 1 } }]);
    const { events } = await rig.call('log.read', {});
    expect(events.find(({ action }) => action === 'revoked')).toMatchObject({ data: { trigger: 'renewal_rejected' } });
    expect(events.find(({ action }) => action === 'renewal_rejected')).toMatchObject({ data: { notice: 'SESSION_RENEWAL_REJECTED', by: 'link' } });
  });

  test('releases the locks of the session, as every end does', async () => {
    const { token, link } = await renewed();
    await fetch(`${rig.url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'acquire_lock', arguments: { resource: 'nas-deploy' } } }),
    });
    expect((await rig.call('locks.list', {})).locks).toHaveLength(1);
    await press(link);
    expect((await rig.call('locks.list', {})).locks).toEqual([]);
  });

  test('J3: pressed again, or on an old page, it says the session is ended, and nobody is told again', async () => {
    const { link } = await renewed();
    await press(link);
    const again = await press(link);
    expect(again.status).toBe(200);
    expect(await again.text()).toContain('Already ended');
    expect(await (await fetch(link)).text()).toContain('Already ended');
    expect(rejections()).toHaveLength(1);
  });

  test('works in a program that sends neither Origin nor Sec-Fetch-Site, for the nonce is what counts', async () => {
    const { sessionId, link } = await renewed();
    expect((await fetch(link, { method: 'POST' })).status).toBe(200);
    expect(await stateOf(sessionId)).toBe('revoked');
  });
});

describe('J4: the link works', () => {
  test('after its window, as long as the session lives', async () => {
    const { sessionId, agentId } = await rig.agent('alice', 'FE', 86_400);
    const { token } = await rig.call('sessions.create', { agent: 'alice', ttl_sec: 86_400 });
    lockOwner(rig.dataDir, agentId);
    clock.advance(12 * HOUR);
    const own = (await rig.call('sessions.list', {})).sessions.find(({ id }) => id !== sessionId)!.id;
    await api(rig, 'PUT', `/v1/sessions/${own}/renew`, token);
    clock.advance(5 * HOUR);
    expect((await press((notices.at(-1)!.context as RenewedContext).rejectUrl!)).status).toBe(200);
    expect(await stateOf(own)).toBe('revoked');
  });

  test('after a restart of the core', async () => {
    const { sessionId, link } = await renewed();
    await rig.stop();
    rig = await start();
    const moved = new URL(link);
    moved.port = new URL(rig.url).port;
    expect(await (await press(moved.href)).text()).toContain('Renewal rejected');
    expect(await stateOf(sessionId)).toBe('revoked');
  });

  test('when the session was renewed again since: the newest and every older link', async () => {
    const { sessionId, token, link } = await renewed();
    clock.advance(0.6 * HOUR);
    await api(rig, 'PUT', `/v1/sessions/${sessionId}/renew`, token);
    expect(await (await fetch(link)).text()).toContain('<dd>1/30</dd>');
    await press(link);
    expect(await stateOf(sessionId)).toBe('revoked');
  });
});

describe('when there is nothing to reject it says why', () => {
  test.each<[string, (sessionId: string) => Promise<unknown>, string, number]>([
    ['revoked by hand', async (id) => rig.call('sessions.revoke', { session_id: id }), 'Already ended', 200],
    ['expired', async () => clock.advance(2 * HOUR), 'Already over', 200],
    // Asleep, because awake the timers of forty days would run.
    ['long forgotten', async () => [clock.sleep(40 * 24 * HOUR), clock.advance(2 * HOUR)], 'Session not found', 404],
  ])('%s', async (_, end, title, status) => {
    const { sessionId, link } = await renewed();
    await end(sessionId);
    if (status === 404) await expect.poll(async () => stateOf(sessionId)).toBeUndefined();
    for (const answer of [await fetch(link), await press(link)]) {
      expect(answer.status).toBe(status);
      const text = await answer.text();
      expect(text).toContain(title);
      expect(text).not.toContain('<form');
    }
    expect(rejections()).toEqual([]);
  });

  test('while the kill switch is on, in friendly words instead of a bare 503', async () => {
    const { sessionId, link } = await renewed();
    await rig.call('sessions.revoke', { session_id: sessionId, reason: 'KILL_SWITCH: test' });
    const db = new Database(join(rig.dataDir, 'data', 'wheelhouse.db'));
    db.exec(`UPDATE system_state SET value = '"ACTIVATED"' WHERE key = 'kill_switch_status'`);
    db.close();
    for (const answer of [await fetch(link), await press(link)]) {
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('The kill switch is on');
    }
  });
});

describe('J5: another nonce', () => {
  test('made up, cut off, missing, or that of another session is a 403 page, and nothing happens', async () => {
    const alice = await renewed();
    const bob = await renewed('bob');
    const base = alice.link.split('?')[0]!;
    for (const link of [`${base}?nonce=${'A'.repeat(43)}`, alice.link.slice(0, -1), base, `${base}?nonce=`, `${base}?nonce=${bob.nonce}`]) {
      for (const answer of [await fetch(link), await press(link)]) {
        expect({ link, status: answer.status }).toMatchObject({ status: 403 });
        expect(await answer.text()).toContain('This link does not fit');
      }
    }
    expect(await stateOf(alice.sessionId)).toBe('live');
    expect(await stateOf(bob.sessionId)).toBe('live');
  });
});

describe('J6: from elsewhere', () => {
  test.each([
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['a foreign Origin on this machine', { origin: 'http://127.0.0.1:9' }],
    ['an opaque Origin of no page of ours', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['an opaque Origin that says nothing more', { origin: 'null', 'sec-fetch-site': '' }],
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a form of another server of this host', { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused', async (_, headers) => {
    const { sessionId, link } = await renewed();
    const answer = await press(link, headers);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await stateOf(sessionId)).toBe('live');
  });

  test('a foreign Host is refused', async () => {
    const { sessionId, link } = await renewed();
    const { pathname, search } = new URL(link);
    for (const text of [rawGet(pathname + search, { Host: 'evil.example' }), rawGet(pathname + search, { Host: 'evil.example' }).replace('GET', 'POST')]) {
      expect((await sendRaw(rig.url, text)).status).toBe(403);
    }
    expect(await stateOf(sessionId)).toBe('live');
  });

  test('the opaque Origin of our own page, whose referrer policy hides it, passes', async () => {
    const { sessionId, link } = await renewed();
    expect((await press(link, { origin: 'null', 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect(await stateOf(sessionId)).toBe('revoked');
  });
});

test('J8: nonces stand in no log and no table, also when telling of the link fails with the whole link in its error', async () => {
  await rig.stop();
  const logs = join(temp.path, 'logs-of-this-test');
  mkdirSync(logs);
  const log = createLog({ level: 'debug', dir: logs, maxSizeMb: 1, maxFiles: 1 });
  rig = await startCore({
    clock,
    dataDir: temp.path,
    log,
    notifySession: (_tx, notice) => {
      notices.push(notice);
      throw new Error(`400 Bad Request: wrong HTTP URL "${'rejectUrl' in notice.context ? notice.context.rejectUrl : ''}"`);
    },
  });
  const { nonce, link } = await renewed();
  await fetch(link);
  await press(link);
  await fetch(`${link}&lang=ko`);
  const { events } = await rig.call('log.read', {});
  expect(JSON.stringify(events)).not.toContain(nonce);
  await rig.stop();
  log.close();
  const db = new Database(join(temp.path, 'data', 'wheelhouse.db'), { readonly: true });
  expect(db.serialize().includes(nonce)).toBe(false);
  db.close();
  const written = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf-8')).join('');
  expect(written).toContain('could not be handed on');
  expect(written).not.toContain(nonce);
  rig = await start();
});
