import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionView } from '../../../preload/contract.ts';
import { isTokenShaped } from '../../../main/access/token-shape.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { api } from '../../support/session-api.ts';
import { startCore } from '../../support/start-core.ts';

let rig: CliRig;
beforeEach(async () => {
  rig = makeCliRig();
  await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
});
afterEach(() => rig.close());

const create = async (...words: string[]): Promise<SessionView> => (await rig.json<{ session: SessionView }>('session', 'create', '--agent', 'fe-1', ...words)).session;

describe('wheelhouse session create', () => {
  it('takes every limit, and leaves the others to the settings', async () => {
    expect(await create('--ttl', '900', '--max-renewals', '3', '--reject-window', '600')).toMatchObject({ ttlSec: 900, maxRenewals: 3, rejectWindowSec: 600 });
    expect(await create('--no-ttl', '--unlimited-renewals')).toMatchObject({ ttlSec: null, maxRenewals: null, rejectWindowSec: 3_600 });
    expect(await create()).toMatchObject({ ttlSec: 604_800, maxRenewals: 30, rejectWindowSec: 3_600 });
  });

  it.each([
    ['--ttl', '299'],
    ['--max-renewals', '101'],
    ['--reject-window', '90000'],
    ['--ttl', '900', '--no-ttl'],
    ['--max-renewals', '1', '--unlimited-renewals'],
  ])('refuses %s %s', async (...words) => {
    const { exit, err } = await rig.run('session', 'create', '--agent', 'fe-1', ...words);
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining(words[0]) });
    expect((await rig.json<{ sessions: unknown[] }>('session', 'list', '--all')).sessions).toEqual([]);
  });
});

describe('wheelhouse session show', () => {
  it('finds a session by the end of its id, also one that has ended', async () => {
    const { id } = await create('--ttl', '900');
    expect(await rig.json('session', 'show', id.slice(-8))).toMatchObject({ session: { id, ttlSec: 900, state: 'live' } });
    await rig.run('session', 'revoke', id, '--reason', 'left on a train');
    const { out } = await rig.run('session', 'show', id);
    expect(out).toMatch(/State +revoked .*left on a train/);
    expect(out).toMatch(/Renewals +0 of 30/);
    expect(await rig.run('session', 'show', 'nothing')).toMatchObject({ exit: 4, err: expect.stringContaining("no session 'nothing'") });
  });
});

describe('wheelhouse session renew', () => {
  const file = (): string => join(rig.dataDir, 'mcp-tokens', 'fe-1');

  it('puts the next token into the file once half of its life is over, and prints none', async () => {
    const clock = new FakeClock(Date.now() - 500_000);
    const core = await startCore({ dataDir: rig.dataDir, clock });
    try {
      const { id } = await create('--ttl', '900');
      const first = readFileSync(file(), 'utf8');
      const early = await rig.run('session', 'renew', '--agent', 'fe-1', '--json');
      expect(early.exit).toBe(4);
      expect(JSON.parse(early.err)).toMatchObject({ error: { code: 'RENEWAL_TOO_EARLY' } });

      clock.advance(500_000);
      const done = await rig.run('session', 'renew', '--agent', 'fe-1');
      expect(done).toMatchObject({ exit: 0, out: expect.stringContaining(`Renewed session ${id}`) });
      expect(done.out + done.err).not.toContain('wai_sess_');
      const next = readFileSync(file(), 'utf8');
      expect(next).not.toBe(first);
      expect(isTokenShaped(next)).toBe(true);
      expect((await api(core, 'GET', `/v1/sessions/${id}`, next)).body).toMatchObject({ renewalCount: 1 });
      expect((await api(core, 'GET', `/v1/sessions/${id}`, first)).status).toBe(401);
    } finally {
      await core.stop();
    }
  });

  it('says what to do when no core runs, or the file holds no token', async () => {
    expect(await rig.run('session', 'renew', '--agent', 'fe-1')).toMatchObject({ exit: 4, err: expect.stringContaining('holds no token to renew') });
    await create();
    expect(await rig.run('session', 'renew', '--agent', 'fe-1')).toMatchObject({ exit: 3, err: expect.stringContaining('wheelhouse serve') });
    expect(await rig.run('session', 'renew', '--agent', '../fe-1')).toMatchObject({ exit: 2 });
  });
});
