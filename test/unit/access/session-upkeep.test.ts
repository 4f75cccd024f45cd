import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../../main/access/agents.ts';
import type { SessionUpkeep } from '../../../main/access/session-upkeep.ts';
import { SessionUse } from '../../../main/access/session-use.ts';
import { makeAccess } from '../../support/access-rig.ts';
import { until } from '../../support/until.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let rig: ReturnType<typeof makeAccess>;
let alice: Agent;
let upkeep: SessionUpkeep;

beforeEach(() => {
  rig = makeAccess();
  alice = rig.agents.add({ name: 'alice', role: 'FE' });
  upkeep = rig.upkeepOf(30);
});
afterEach(() => {
  upkeep.stop();
  rig.close();
});

const warnings = () => rig.notices.filter(({ type }) => type === 'SESSION_EXPIRING_SOON');

describe('SESSION_EXPIRING_SOON', () => {
  test('comes by the timer alone, at the right moment, with when the token really ends', async () => {
    const { session } = await rig.sessions.create(alice, { ttlSec: 3600 });
    upkeep.check();
    rig.clock.advance(0.9 * HOUR - 1);
    upkeep.check();
    expect(warnings()).toEqual([]);
    rig.clock.advance(1);
    await until(() => warnings().length > 0);
    expect(warnings()).toEqual([
      {
        type: 'SESSION_EXPIRING_SOON',
        severity: 'warning',
        context: {
          sessionId: session.id,
          agentName: 'alice',
          expiresAt: new Date(session.expiresAt!).toISOString(),
          absoluteExpiresAt: new Date(session.absoluteExpiresAt!).toISOString(),
          remainingRenewals: 30,
          reason: 'token',
        },
      },
    ]);
    expect(rig.events().at(-1)).toMatchObject({ kind: 'session', action: 'expiring_soon', session_id: session.id });
  });

  test('R9: comes once per session, also across a restart and after another renewal', async () => {
    const { token } = await rig.sessions.create(alice, { ttlSec: 3600 });
    upkeep.check();
    rig.clock.advance(0.95 * HOUR);
    await until(() => warnings().length > 0);
    await rig.renew(token);
    upkeep.stop();
    upkeep = rig.upkeepOf(30);
    upkeep.check();
    rig.clock.advance(0.95 * HOUR);
    expect(warnings()).toHaveLength(1);
  });

  test('comes with the renewal that leaves three', async () => {
    let { token } = await rig.sessions.create(alice, { ttlSec: 3600, maxRenewals: 5 });
    for (const expected of [0, 1]) {
      rig.clock.advance(0.6 * HOUR);
      ({ token } = await rig.renew(token));
      upkeep.check();
      expect(warnings()).toHaveLength(expected);
    }
    expect(warnings()[0]!.context).toMatchObject({ reason: 'renewals', remainingRenewals: 3 });
  });

  test('never comes for a session without limits, nor for one that is over', async () => {
    const free = makeAccess({ absoluteLifetimeSec: null });
    const bob = free.agents.add({ name: 'bob', role: 'BE' });
    await free.sessions.create(bob, { ttlSec: null, maxRenewals: null });
    const { session } = await free.sessions.create(bob, { ttlSec: 3600 });
    await free.sessions.revoke(session.id, 'done');
    const theirs = free.upkeepOf(30);
    theirs.check();
    expect(free.clock.timers).toBe(1);
    free.clock.advance(29 * DAY);
    expect(free.notices).toEqual([]);
    theirs.stop();
    free.close();
  });

  test('what came due while nothing ran is told at the next start', async () => {
    await rig.sessions.create(alice, { ttlSec: 3600 });
    rig.clock.advance(0.99 * HOUR);
    upkeep.check();
    expect(warnings()).toHaveLength(1);
  });

  test('a channel that fails costs the notice, not the line in the log, and is reported', async () => {
    rig.telling.fail = true;
    await rig.sessions.create(alice, { ttlSec: 3600 });
    rig.clock.advance(0.95 * HOUR);
    upkeep.check();
    await until(() => rig.failures.length === 1);
    expect(rig.events().at(-1)).toMatchObject({ action: 'expiring_soon' });
  });
});

describe('ended sessions', () => {
  /** A session that expired, with its renewal, and one that was revoked a day later. */
  async function twoEnded() {
    rig.owner.state = 'LOCKED';
    const first = await rig.sessions.create(alice, { ttlSec: 3600 });
    rig.clock.advance(HOUR / 2);
    await rig.renew(first.token);
    rig.clock.advance(DAY);
    await rig.sessions.carryOutEnd(rig.sessions.get(first.session.id));
    const second = await rig.sessions.create(alice);
    await rig.sessions.revoke(second.session.id, 'done');
    return [first.session.id, second.session.id];
  }
  const known = () => rig.sessions.list().map(({ id }) => id);

  test('can be looked up for thirty days after their end, then they and their renewals are forgotten, by the timer alone', async () => {
    const [expired, revoked] = await twoEnded();
    upkeep.check();
    rig.clock.advance(29 * DAY);
    expect(known()).toEqual([revoked, expired]);
    rig.clock.advance(0.6 * DAY);
    expect(known()).toEqual([revoked]);
    expect(rig.store.db.prepare('SELECT (SELECT COUNT(*) FROM renewals) + (SELECT COUNT(*) FROM reject_nonces)').pluck().get()).toBe(0);
    rig.clock.advance(DAY);
    expect(known()).toEqual([]);
    expect(rig.events().filter((event) => event['action'] === 'forgotten')).toHaveLength(2);
    expect(rig.clock.timers).toBe(0);
  });

  test('are kept while their end was not carried out yet, and for ever without a limit', async () => {
    const { session } = await rig.sessions.create(alice, { ttlSec: 3600 });
    rig.clock.advance(400 * DAY);
    upkeep.check();
    expect(known()).toEqual([session.id]);
    await rig.sessions.carryOutEnd(rig.sessions.get(session.id));
    const forever = rig.upkeepOf(null);
    forever.check();
    expect(known()).toEqual([session.id]);
    forever.stop();
    upkeep.check();
    expect(known()).toEqual([]);
  });

  test('a failure is reported and tried again a minute later, not sooner', async () => {
    await twoEnded();
    rig.clock.advance(40 * DAY);
    rig.store.db.exec("CREATE TRIGGER stuck BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'stuck'); END");
    upkeep.check();
    expect(rig.failures).toHaveLength(1);
    rig.store.db.exec('DROP TRIGGER stuck');
    rig.clock.advance(59_999);
    expect(known()).toHaveLength(2);
    rig.clock.advance(1);
    expect(known()).toEqual([]);
  });
});

describe('the last use', () => {
  let use: SessionUse;
  beforeEach(() => {
    use = new SessionUse({ store: rig.store, clock: rig.clock, report: (_what, error) => void rig.failures.push(error) });
  });

  test('is written a minute later, with the client, once for many requests', async () => {
    const { session } = await rig.sessions.create(alice);
    for (let count = 0; count < 1000; count += 1) use.used(session.id, 'claude-code/2.1');
    const at = rig.clock.now();
    expect(rig.clock.timers).toBe(1);
    rig.clock.advance(60_000);
    expect(rig.sessions.get(session.id)).toMatchObject({ lastUsedAt: at, lastClient: 'claude-code/2.1' });
    expect(rig.clock.timers).toBe(0);
  });

  test('is not lost by a stop, and a client that says nothing leaves the last name', async () => {
    const { session } = await rig.sessions.create(alice);
    use.used(session.id, 'a\u0007b\n\u00e9c'.padEnd(400, 'x'));
    rig.clock.advance(60_000);
    use.used(session.id, null);
    use.stop();
    const { lastUsedAt, lastClient } = rig.sessions.get(session.id);
    expect(lastUsedAt).toBe(rig.clock.now());
    expect(lastClient).toMatch(/^a b cx+$/);
    expect(lastClient).toHaveLength(120);
  });

  test('that cannot be written is reported', async () => {
    const { session } = await rig.sessions.create(alice);
    rig.store.db.exec("CREATE TRIGGER full BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'full'); END");
    use.used(session.id, 'x');
    rig.clock.advance(60_000);
    expect(rig.failures).toHaveLength(1);
  });
});
