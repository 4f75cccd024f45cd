import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveEvent } from '../../../preload/contract.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { LiveWindow } from '../../support/live-window.ts';
import { rawGet, sendRaw } from '../../support/raw-http.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let clock: FakeClock;
let temp: ReturnType<typeof makeTempDir>;
let rig: TestCore;
beforeEach(async () => {
  clock = new FakeClock();
  temp = makeTempDir();
  mkdirSync(join(temp.path, 'assets'));
  writeFileSync(join(temp.path, 'index.html'), '<!doctype html><title>The windows</title>');
  writeFileSync(join(temp.path, 'assets', 'index-BfA3x9_q.js'), 'console.log(1)');
  rig = await startCore({ clock, rendererDir: temp.path });
});
afterEach(async () => {
  await rig.stop();
  temp.remove();
});

describe('the link', () => {
  test('lets a browser in by a strict cookie that scripts cannot read, and leads to the windows', async () => {
    const opened = await fetch(rig.core.uiLink());
    expect(opened.status).toBe(200);
    expect(opened.headers.get('set-cookie')).toMatch(/^wheelhouse_\d+=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(opened.headers.get('cache-control')).toBe('no-store');
    expect(await opened.text()).toContain('content="0; url=/ui/"');
    const page = await fetch(`${rig.url}/ui/`, { headers: { cookie: opened.headers.get('set-cookie')!.split(';')[0]! } });
    expect(await page.text()).toContain('The windows');
  });

  test('works once; after that a page says how to get a new one', async () => {
    const link = rig.core.uiLink();
    await fetch(link);
    const again = await fetch(link);
    expect(again.status).toBe(401);
    expect(again.headers.get('set-cookie')).toBeNull();
    const text = await again.text();
    expect(text).toContain('used already');
    expect(text).toContain('<code>wheelhouse ui</code>');
  });

  test('ends after ten minutes', async () => {
    const link = rig.core.uiLink();
    clock.advance(600_000);
    expect((await fetch(link)).status).toBe(401);
  });

  test.each(['/ui/open', '/ui/open?key=', '/ui/open?key=guess', '/ui/', '/ui/board', '/ui/assets/index-BfA3x9_q.js'])('%s without a right to it shows that page, in both languages', async (path) => {
    const english = await fetch(rig.url + path, { headers: { 'accept-language': 'en-GB,en' } });
    const korean = await fetch(rig.url + path, { headers: { 'accept-language': 'ko-KR,ko;q=0.9' } });
    expect([english.status, korean.status]).toEqual([401, 401]);
    expect(await english.text()).toContain('follow the link it prints');
    const text = await korean.text();
    expect(text).toContain('lang="ko"');
    expect(text).toContain('출력된 링크를 여세요');
    expect(korean.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('comes from the command line over HTTP as well', async () => {
    const { url } = await rig.call('ui.link', {});
    expect(url.startsWith(`${rig.url}/ui/open?key=`)).toBe(true);
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('the files', () => {
  test('the bare addresses lead to the windows', async () => {
    for (const path of ['/', '/ui']) {
      const response = await fetch(rig.url + path, { redirect: 'manual' });
      expect([response.status, response.headers.get('location')]).toEqual([303, '/ui/']);
    }
  });

  test('a page deep inside gets the index, an asset may be kept', async () => {
    const cookie = await rig.windowCookie();
    expect(await (await fetch(`${rig.url}/ui/board`, { headers: { cookie } })).text()).toContain('The windows');
    const asset = await fetch(`${rig.url}/ui/assets/index-BfA3x9_q.js`, { headers: { cookie } });
    expect(asset.headers.get('cache-control')).toContain('immutable');
  });

  test.each(['/ui/../../../../etc/passwd', '/ui/..%2f..%2f..%2f..%2fetc%2fpasswd', '/ui/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd', '/ui//etc/passwd', '/ui/assets/..%5c..%5c..%5cetc%5cpasswd'])(
    '%s reads nothing outside',
    async (path) => {
      const cookie = await rig.windowCookie();
      const answer = await sendRaw(rig.url, rawGet(path, { Host: new URL(rig.url).host, Cookie: cookie }));
      expect(answer.body).not.toContain('root:');
    },
  );
});

describe('the live connection', () => {
  const open: WebSocket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.terminate();
  });

  function connect(headers: Record<string, string>): WebSocket {
    const socket = new WebSocket(`${rig.url.replace('http', 'ws')}/v1/live`, { headers });
    open.push(socket);
    return socket;
  }

  async function refusedWith(headers: Record<string, string>): Promise<number> {
    const socket = connect(headers);
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    return response.statusCode;
  }

  async function openWindow(): Promise<{ readonly socket: WebSocket; readonly window: LiveWindow }> {
    const window = new LiveWindow();
    const socket = connect({ cookie: await rig.windowCookie(), origin: rig.url });
    socket.on('message', (data: Buffer) => window.hear(JSON.parse(data.toString('utf-8')) as LiveEvent));
    await window.until(() => true);
    return { socket, window };
  }

  test('gives a snapshot and then patches', async () => {
    const { window } = await openWindow();
    await rig.call('messages.post', { to_role: 'FE', body: 'hello' });
    clock.advance(80);
    await window.until(({ state }) => state.messages.length === 1);
    expect(window.snapshots).toBe(1);
    expect(window.state.roles[0]).toMatchObject({ name: 'FE', unread: 1 });
  });

  test('a window that connects again gets a fresh snapshot', async () => {
    const { socket } = await openWindow();
    socket.close();
    await once(socket, 'close');
    await rig.call('messages.post', { to_role: 'FE', body: 'meanwhile' });
    const { window } = await openWindow();
    expect(window.state.messages.map((message) => message.body)).toEqual(['meanwhile']);
  });

  test('is refused without a cookie, with a foreign one, and to a page of another origin', async () => {
    const cookie = await rig.windowCookie();
    expect(await refusedWith({})).toBe(401);
    expect(await refusedWith({ cookie: 'wheelhouse_1=x' })).toBe(401);
    expect(await refusedWith({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await refusedWith({ cookie, host: 'evil.example' })).toBe(403);
  });

  test('without a WebSocket is a clear 400', async () => {
    const response = await fetch(`${rig.url}/v1/live`, { headers: { cookie: await rig.windowCookie() } });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('ws://');
  });

  test('a window that talks is hung up on', async () => {
    const { socket } = await openWindow();
    socket.send('{"call":"messages.post"}');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1008);
  });

  test('a window that sends too much is hung up on, and the server lives on', async () => {
    const { socket } = await openWindow();
    socket.send('x'.repeat(100_000));
    const [code] = (await once(socket, 'close')) as [number];
    expect([1006, 1009]).toContain(code);
    expect((await fetch(`${rig.url}/health`)).status).toBe(200);
  });

  test('is pinged every half minute, and one that answers stays', async () => {
    const { socket } = await openWindow();
    for (let beat = 0; beat < 4; beat += 1) {
      const pinged = once(socket, 'ping');
      clock.advance(30_000);
      await pinged;
      // By the time this round trip is over, the answer to the ping has arrived as well.
      await fetch(`${rig.url}/health`);
    }
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  test('one that no longer answers is dropped at the next beat', async () => {
    const { socket } = await openWindow();
    socket.pong = () => undefined;
    const pinged = once(socket, 'ping');
    clock.advance(30_000);
    await pinged;
    const closed = once(socket, 'close');
    clock.advance(30_000);
    expect(((await closed) as [number])[0]).toBe(1006);
  });

  test('ends with "going away" when Wheelhouse stops', async () => {
    const { socket } = await openWindow();
    const closed = once(socket, 'close');
    await rig.core.stop();
    expect(((await closed) as [number])[0]).toBe(1001);
  });
});
