import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnCli, type CliProcess } from '../../support/cli-process.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { startLineProcess } from '../../support/line-process.ts';
import { api } from '../../support/session-api.ts';
import { startCore } from '../../support/start-core.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const CLIENT = resolve(import.meta.dirname, '../../support/renewing-client.ts');

let temp: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  temp = makeTempDir();
});
afterEach(() => temp.remove());

test('a client that is killed between the answer of its renewal and its token file is not locked out', async () => {
  const clock = new FakeClock();
  const rig = await startCore({ clock });
  const { token, sessionId } = await rig.agent('alice', 'FE', 3600);
  clock.advance(2_160_000);
  const client = startLineProcess(CLIENT, [rig.url, sessionId]);
  expect(await client.ask(token)).toEqual({ status: 200 });
  await client.kill();

  // What the client finds in its file at its next start is the old token.
  clock.advance(30_000);
  expect((await api(rig, 'GET', `/v1/sessions/${sessionId}`, token)).status).toBe(401);
  const again = await api(rig, 'PUT', `/v1/sessions/${sessionId}/renew`, token);
  expect(again).toMatchObject({ status: 200, body: { renewalCount: 1 } });
  expect((await api(rig, 'GET', `/v1/sessions/${sessionId}`, String(again.body['token']))).status).toBe(200);
  await rig.stop();
});

describe('when the core is killed', () => {
  /** A session that is old enough to be renewed now, by the real clock. */
  async function ripeSession() {
    const rig = await startCore({ dataDir: temp.path, clock: new FakeClock(Date.now() - 200_000) });
    const made = await rig.agent('alice', 'FE', 300);
    await rig.stop();
    return made;
  }
  async function serve(): Promise<{ readonly core: CliProcess; readonly url: string }> {
    const core = spawnCli(['serve', '--port', '0', '--data-dir', temp.path], {});
    const [url] = await core.prints(/http:\/\/127\.0\.0\.1:\d+/);
    return { core, url };
  }

  test('right after it answered a renewal, the old token gets the same answer from the next run', async () => {
    const { token, sessionId } = await ripeSession();
    const first = await serve();
    const renewed = await api(first, 'PUT', `/v1/sessions/${sessionId}/renew`, token);
    expect(renewed.status).toBe(200);
    first.core.kill('SIGKILL');
    await first.core.ended;

    const next = await serve();
    const again = await api(next, 'PUT', `/v1/sessions/${sessionId}/renew`, token);
    expect(again.body).toEqual(renewed.body);
    expect((await api(next, 'GET', `/v1/sessions/${sessionId}`, String(again.body['token']))).status).toBe(200);
    next.core.kill('SIGTERM');
    await next.core.ended;
  });

  test.each([0, 2, 5, 10])('%d ms after a renewal was sent, its client gets a live token from the next run, counted once', async (afterMs) => {
    const { token, sessionId } = await ripeSession();
    const first = await serve();
    const answer = api(first, 'PUT', `/v1/sessions/${sessionId}/renew`, token).catch(() => null);
    setTimeout(() => first.core.kill('SIGKILL'), afterMs);
    await first.core.ended;
    await answer;

    const next = await serve();
    const again = await api(next, 'PUT', `/v1/sessions/${sessionId}/renew`, token);
    expect(again).toMatchObject({ status: 200, body: { renewalCount: 1 } });
    expect((await api(next, 'GET', `/v1/sessions/${sessionId}`, String(again.body['token']))).status).toBe(200);
    next.core.kill('SIGTERM');
    await next.core.ended;
  });
});
