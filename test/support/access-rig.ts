import { Agents } from '../../main/access/agents.ts';
import { createGuard } from '../../main/access/guard.ts';
import { Sessions, type SessionPolicy } from '../../main/access/sessions.ts';
import { SigningKeys } from '../../main/access/signing-keys.ts';
import { Team } from '../../main/bus/team.ts';
import { FakeClock } from './fake-clock.ts';
import { makeTempStore } from './temp-store.ts';

/** The access room on a real database with a clock that tests move. `ended` records what the delegate was told. */
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
    policy: { ttlSec: 604_800, maxPerAgent: 5, ...policy },
    guard,
    onSessionEnded: async (sessionId, reason) => {
      if (delegate.fail) throw new Error('the bus is away');
      ended.push({ sessionId, reason });
    },
  });
  const events = () => store.db.prepare('SELECT kind, action, role, session_id, subject, text, data FROM events ORDER BY id').all() as Record<string, string>[];
  return { clock, store, close: () => temp.close(), guard, keys, agents, sessions, ended, delegate, events };
}
