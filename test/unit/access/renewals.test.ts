import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../../main/access/agents.ts';
import { Renewals } from '../../../main/access/renewals.ts';
import { makeAccess } from '../../support/access-rig.ts';

const HOUR = 3_600_000;

let rig: ReturnType<typeof makeAccess>;
let alice: Agent;

beforeEach(() => {
  rig = makeAccess();
  rig.owner.state = 'LOCKED';
  alice = rig.agents.add({ name: 'alice', role: 'FE' });
});
afterEach(() => rig.close());

/** A session of an hour, renewed `times`, with the nonces of its notices. */
async function renewed(times = 1, agent = alice) {
  let { session, token } = await rig.sessions.create(agent, { ttlSec: 3600 });
  const nonces: string[] = [];
  for (let count = 0; count < times; count += 1) {
    rig.clock.advance(0.6 * HOUR);
    ({ session, token } = await rig.renew(token));
    const { context } = rig.notices.at(-1) as { context: { readonly rejectUrl?: string } };
    nonces.push(context.rejectUrl?.split('nonce=')[1] ?? '');
  }
  return { session, token, nonces };
}
const rejections = () => rig.notices.filter(({ type }) => type === 'SESSION_RENEWAL_REJECTED');
const states = () => rig.renewals.list().map(({ state }) => state);
const lines = () => rig.events().map((event) => event['action']);

describe('a renewal', () => {
  test('is open while its window is, lapsed after it, ended with its session', async () => {
    await renewed();
    expect(states()).toEqual(['open']);
    rig.clock.advance(HOUR - 1);
    expect(states()).toEqual(['open']);
    rig.clock.advance(1);
    expect(states()).toEqual(['ended']);
  });

  test('lapses before its session ends when the window is shorter', async () => {
    const { token } = await rig.sessions.create(alice, { ttlSec: 7200 });
    rig.clock.advance(HOUR);
    await rig.renew(token);
    rig.clock.advance(HOUR);
    expect(states()).toEqual(['lapsed']);
  });

  test('asks no more when the next one asks anew, so there is at most one question per session', async () => {
    await renewed(2);
    expect(states()).toEqual(['open', 'lapsed']);
    expect(rig.renewals.countOpen()).toBe(1);
    expect(rig.renewals.list({ which: 'open' }).map(({ count }) => count)).toEqual([2]);
    expect(rig.renewals.list({ which: 'waiting' }).map(({ count }) => count)).toEqual([2, 1]);
  });

  test('is final when there was nobody to ask', async () => {
    rig.owner.state = 'GRACE';
    await renewed();
    expect(states()).toEqual(['final']);
    expect(rig.renewals.list({ which: 'waiting' })).toEqual([]);
    expect(() => rig.renewals.keep(rig.renewals.list()[0]!.id)).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  });
});

describe('keeping', () => {
  test('records it, and the earlier ones of the session with it, but not those of another', async () => {
    const bob = rig.agents.add({ name: 'bob', role: 'BE' });
    const { token } = await rig.sessions.create(bob, { ttlSec: 604_800 });
    rig.clock.advance(302_400_000);
    await rig.renew(token);
    await renewed(2);
    const [latest] = rig.renewals.list({ which: 'waiting' });
    expect(rig.renewals.keep(latest!.id)).toMatchObject({ state: 'kept', count: 2, decidedAt: rig.clock.now() });
    expect(rig.renewals.list().map(({ session, count, state }) => `${session.agentName} ${count} ${state}`)).toEqual(['alice 2 kept', 'alice 1 kept', 'bob 1 lapsed']);
    expect(lines().filter((action) => action === 'renewal_kept')).toHaveLength(1);
  });

  test('twice changes nothing more; a kept one can still be rejected as long as the session lives', async () => {
    await renewed();
    const { id } = rig.renewals.list()[0]!;
    rig.renewals.keep(id);
    const before = lines().length;
    rig.renewals.keep(id);
    expect(lines()).toHaveLength(before);
    expect(await rig.renewals.reject(id)).toMatchObject({ state: 'rejected', session: { state: 'revoked' } });
  });

  test('is refused after the session was rejected, and for one that does not exist', async () => {
    await renewed();
    const { id } = rig.renewals.list()[0]!;
    await rig.renewals.reject(id);
    expect(() => rig.renewals.keep(id)).toThrow(expect.objectContaining({ code: 'CONFLICT', details: { renewal_id: id, state: 'rejected' } }));
    expect(() => rig.renewals.keep(999)).toThrow(expect.objectContaining({ code: 'RENEWAL_NOT_FOUND' }));
  });
});

describe('rejecting in the window', () => {
  test('ends the session, says so in log and notice, once', async () => {
    const { session, token } = await renewed();
    const { id } = rig.renewals.list()[0]!;
    await rig.renewals.reject(id);
    await rig.renewals.reject(id);
    await expect(rig.sessions.verify(token)).rejects.toMatchObject({ code: 'SESSION_REVOKED' });
    expect(rig.ended).toEqual([{ sessionId: session.id, reason: 'session revoked' }]);
    expect(rejections()).toEqual([
      { type: 'SESSION_RENEWAL_REJECTED', severity: 'warning', context: { sessionId: session.id, agentName: 'alice', renewalCount: 1, rejectedAt: new Date(rig.clock.now()).toISOString() } },
    ]);
    expect(lines().slice(-2)).toEqual(['revoked', 'renewal_rejected']);
    expect(JSON.parse(rig.events().at(-2)!['data']!)).toMatchObject({ trigger: 'renewal_rejected' });
  });

  test('one whose session is over already changes nothing and tells nobody', async () => {
    const { session } = await renewed();
    await rig.sessions.revoke(session.id, 'by hand');
    const { id } = rig.renewals.list()[0]!;
    expect(await rig.renewals.reject(id)).toMatchObject({ state: 'ended', session: { revokeReason: 'by hand' } });
    expect(rejections()).toEqual([]);
  });

  test('is told even when carrying out the end failed, which the next attempt makes up for', async () => {
    await renewed();
    const { id } = rig.renewals.list()[0]!;
    rig.delegate.fail = true;
    await expect(rig.renewals.reject(id)).rejects.toThrow('the bus is away');
    rig.delegate.fail = false;
    await rig.renewals.reject(id);
    expect(rejections()).toHaveLength(1);
    expect(rig.ended).toHaveLength(1);
  });
});

describe('the link of a notice', () => {
  test('J1: looking at it changes nothing, however often', async () => {
    const { session, token, nonces } = await renewed();
    const before = lines().length;
    for (const _ of [1, 2, 3]) expect(rig.renewals.openLink(session.id, nonces[0]!)).toMatchObject({ session: { state: 'live' }, count: 1 });
    expect(lines()).toHaveLength(before);
    await rig.sessions.verify(token);
  });

  test('J2, J3: rejecting by it ends the session; a replay is answered the same and told to nobody again', async () => {
    const { session, nonces } = await renewed();
    expect(await rig.renewals.rejectByLink(session.id, nonces[0]!)).toMatchObject({ endedNow: true, session: { state: 'revoked' } });
    expect(await rig.renewals.rejectByLink(session.id, nonces[0]!)).toMatchObject({ endedNow: false, session: { state: 'revoked' } });
    expect(rejections()).toHaveLength(1);
    expect(rig.store.db.prepare('SELECT used_at FROM reject_nonces').pluck().get()).toBe(rig.clock.now());
  });

  test('two clicks at the same moment are one rejection', async () => {
    const { session, nonces } = await renewed();
    const clicks = await Promise.all([1, 2].map(async () => rig.renewals.rejectByLink(session.id, nonces[0]!)));
    expect(clicks.filter(({ endedNow }) => endedNow)).toHaveLength(1);
    expect(rejections()).toHaveLength(1);
  });

  test('J4: those of earlier renewals work on, after their window and in another run of the program', async () => {
    const { session, nonces } = await renewed(3);
    expect(new Set(nonces).size).toBe(3);
    const otherRun = new Renewals({ store: rig.store, clock: rig.clock, sessions: rig.sessions, notify: () => undefined, report: () => undefined });
    expect(await otherRun.rejectByLink(session.id, nonces[0]!)).toMatchObject({ endedNow: true });
    expect(states()).toEqual(['ended', 'ended', 'rejected']);
  });

  test('J4: made anew for a notice that leaves late works beside the first one, and is not made for a session that is over', async () => {
    const { session, nonces } = await renewed();
    const late = rig.renewals.issueNonce(session.id, 1)!;
    expect(late).not.toBe(nonces[0]);
    expect(rig.renewals.openLink(session.id, late)).toMatchObject({ count: 1 });
    expect(JSON.stringify(rig.store.db.prepare('SELECT * FROM reject_nonces').all())).not.toContain(late);
    expect(await rig.renewals.rejectByLink(session.id, late)).toMatchObject({ endedNow: true });
    expect(rig.renewals.issueNonce(session.id, 1)).toBeNull();
    expect(rig.renewals.issueNonce('forgotten', 1)).toBeNull();
  });

  test('J5: with another nonce, that of another session, or none, it is refused and nothing happens', async () => {
    const bob = await renewed(1, rig.agents.add({ name: 'bob', role: 'BE' }));
    const { session, nonces } = await renewed();
    for (const nonce of ['', 'x', bob.nonces[0]!, `${nonces[0]}x`, nonces[0]!.toLowerCase()]) {
      await expect(rig.renewals.rejectByLink(session.id, nonce)).rejects.toMatchObject({ code: 'REJECT_LINK_INVALID', status: 403 });
    }
    expect(rig.sessions.get(session.id).state).toBe('live');
    await expect(rig.renewals.rejectByLink('nobody', nonces[0]!)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });

  test('J7: a session that is revoked otherwise is a manual revoke, and nobody is told of a rejection', async () => {
    const { session, nonces } = await renewed();
    await rig.sessions.revoke(session.id, 'by hand');
    expect(JSON.parse(rig.events().at(-1)!['data']!)).toMatchObject({ trigger: 'manual_revoke', reason: 'by hand' });
    expect(await rig.renewals.rejectByLink(session.id, nonces[0]!)).toMatchObject({ endedNow: false, session: { revokeReason: 'by hand' } });
    expect(rejections()).toEqual([]);
  });
});

describe('a window that closes without an answer', () => {
  const lapses = () => lines().filter((action) => action === 'renewal_lapsed');
  let upkeep: ReturnType<typeof rig.upkeepOf>;
  beforeEach(() => {
    upkeep = rig.upkeepOf(30);
  });
  afterEach(() => upkeep.stop());

  /** A renewal whose session outlives its window of an hour. */
  async function asked() {
    const { token } = await rig.sessions.create(alice, { ttlSec: 86_400 });
    rig.clock.advance(12 * HOUR);
    await rig.renew(token);
    upkeep.check();
  }

  test('is told in the log at that moment, by the timer alone, once, and asks no more', async () => {
    await asked();
    expect(rig.renewals.countOpen()).toBe(1);
    rig.clock.advance(HOUR - 1);
    upkeep.check();
    expect(lapses()).toEqual([]);
    rig.clock.advance(1);
    expect(lapses()).toHaveLength(1);
    expect(rig.renewals.countOpen()).toBe(0);
    rig.clock.advance(HOUR);
    upkeep.check();
    expect(lapses()).toHaveLength(1);
    expect(rig.renewals.list({ which: 'waiting' })).toMatchObject([{ state: 'lapsed' }]);
  });

  test.each<[string, () => unknown]>([
    ['was kept', () => rig.renewals.keep(1)],
    ['was rejected', async () => rig.renewals.reject(1)],
    ['belongs to a session that was revoked', async () => rig.sessions.revoke(rig.renewals.get(1).session.id, 'done')],
  ])('is not told when the renewal %s', async (_, decide) => {
    await asked();
    await decide();
    expect(rig.renewals.countOpen()).toBe(0);
    rig.clock.advance(2 * HOUR);
    upkeep.check();
    expect(lapses()).toEqual([]);
  });
});

describe('the list', () => {
  test('is newest first, by what waits, by agent, and in pages', async () => {
    const bob = rig.agents.add({ name: 'bob', role: 'BE' });
    await renewed(1, bob);
    await renewed(2);
    const told = (query: Parameters<typeof rig.renewals.list>[0]) => rig.renewals.list(query).map(({ session, count }) => `${session.agentName} ${count}`);
    expect(told({})).toEqual(['alice 2', 'alice 1', 'bob 1']);
    // Bob's token ended meanwhile.
    expect(told({ which: 'waiting' })).toEqual(['alice 2', 'alice 1']);
    expect(told({ agentId: bob.id })).toEqual(['bob 1']);
    const [first] = rig.renewals.list({ limit: 1 });
    expect(told({ beforeId: first!.id, limit: 1 })).toEqual(['alice 1']);
    rig.renewals.keep(rig.renewals.list({ which: 'waiting' })[1]!.id);
    expect(told({ which: 'decided' })).toEqual(['alice 1']);
  });
});
