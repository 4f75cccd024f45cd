import { Agents } from '../../main/access/agents.ts';
import { createGuard } from '../../main/access/guard.ts';
import type { OwnerState } from '../../main/access/owner-state.ts';
import { Renewals } from '../../main/access/renewals.ts';
import type { NotifySession, SessionNotice } from '../../main/access/session-notices.ts';
import { SessionRenewal } from '../../main/access/session-renewal.ts';
import type { SessionPolicy } from '../../main/access/session-terms.ts';
import { SessionUpkeep } from '../../main/access/session-upkeep.ts';
import { Sessions } from '../../main/access/sessions.ts';
import { SigningKeys } from '../../main/access/signing-keys.ts';
import { Team } from '../../main/bus/team.ts';
import { FakeClock } from './fake-clock.ts';
import { makeTempStore } from './temp-store.ts';

/**
 * The access room on a real database with a clock that tests move. `ended` records what the delegate was told, `notices`
 * what the channels were handed.
 */
export function makeAccess(policy: Partial<SessionPolicy> = {}) {
  const clock = new FakeClock();
  const temp = makeTempStore(clock);
  const { store } = temp;
  const guard = createGuard(store);
  const keys = new SigningKeys(store);
  const ended: { readonly sessionId: string; readonly reason: string }[] = [];
  const delegate = { fail: false };
  const team = new Team(['FE', 'BE', 'AI', 'Producer'], 'Producer');
  const agents = new Agents({ store, guard, assertRole: (argument, role) => team.assertRole(argument, role) });
  const sessions = new Sessions({
    store,
    clock,
    keys,
    policy: { ttlSec: 604_800, maxRenewals: 30, absoluteLifetimeSec: 2_592_000, rejectWindowSec: 3600, maxPerAgent: 5, ...policy },
    guard,
    onSessionEnded: async (sessionId, reason) => {
      if (delegate.fail) throw new Error('the bus is away');
      ended.push({ sessionId, reason });
    },
  });
  const notices: SessionNotice[] = [];
  const failures: unknown[] = [];
  const owner: { state: OwnerState } = { state: 'NONE' };
  const telling = { fail: false };
  const notify: NotifySession = (_tx, notice) => {
    if (telling.fail) throw new Error('no channel works');
    notices.push(notice);
  };
  const report = (_what: string, error: unknown): void => void failures.push(error);
  const renewal = new SessionRenewal({
    store,
    clock,
    keys,
    guard,
    ownerStateOf: () => owner.state,
    rejectUrl: (sessionId, nonce) => `http://127.0.0.1:3100/v1/dashboard/sessions/${sessionId}/reject?nonce=${nonce}`,
    notify,
    report,
  });
  const renewals = new Renewals({ store, clock, sessions, notify, report });
  const renew = async (token: string, sessionId?: string) => {
    const proof = await sessions.verifyForRenewal(token);
    return renewal.renew(sessionId ?? proof.sessionId, proof);
  };
  const upkeepOf = (keepEndedDays: number | null) => new SessionUpkeep({ store, clock, keys, renewals, keepEndedDays, notify, report });
  const events = () => store.db.prepare('SELECT kind, action, role, session_id, subject, text, data FROM events ORDER BY id').all() as Record<string, string>[];
  return {
    clock, store, close: () => temp.close(), guard, keys, agents, sessions, ended, delegate, events,
    renewal, renewals, renew, upkeepOf, owner, notices, failures, telling,
  };
}
