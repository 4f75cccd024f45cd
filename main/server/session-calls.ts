import { z } from 'zod';
import type { Agents } from '../access/agents.ts';
import { RENEWAL_FILTERS, type Renewals } from '../access/renewals.ts';
import type { SessionTerms } from '../access/session-terms.ts';
import type { Sessions } from '../access/sessions.ts';
import type { CallDefinitions } from './calls.ts';
import { integer, oneOf, text } from './input-fields.ts';
import { renewalView, sessionView } from './views.ts';

export interface SessionCallParts {
  readonly agents: Agents;
  readonly sessions: Sessions;
  readonly renewals: Renewals;
}

type SessionCallName = Extract<keyof CallDefinitions, `sessions.${string}` | `renewals.${string}`>;

const DEFAULT_PAGE = 100;
/** The ranges of the terms are checked where the rules for them are. */
const seconds = (name: string) => z.number({ error: `${name} must be a number of seconds` });

const NOTHING = z.strictObject({});
const NEW_SESSION = z.strictObject({
  agent: text('agent', 60),
  ttl_sec: seconds('ttl_sec').nullable().optional(),
  max_renewals: z.number({ error: 'max_renewals must be a number' }).nullable().optional(),
  reject_window_sec: seconds('reject_window_sec').optional(),
});
const SESSION_LIST = z.strictObject({ agent: text('agent', 60).optional() });
const REVOKE = z.strictObject({ session_id: text('session_id', 60), reason: text('reason', 500).optional() });
const INVALIDATE = z.strictObject({ reason: text('reason', 500).optional() });
const RENEWAL_LIST = z.strictObject({
  which: oneOf('which', RENEWAL_FILTERS).optional(),
  agent: text('agent', 60).optional(),
  before_id: integer('before_id', 1, Number.MAX_SAFE_INTEGER).optional(),
  limit: integer('limit', 1, 500).default(DEFAULT_PAGE),
});
const RENEWAL = z.strictObject({ renewal_id: integer('renewal_id', 1, Number.MAX_SAFE_INTEGER) });

/** What the person does about sessions and their renewals, through windows and the command line. */
export function sessionCalls({ agents, sessions, renewals }: SessionCallParts): Pick<CallDefinitions, SessionCallName> {
  const idOf = (agent: string | undefined): string | undefined => (agent === undefined ? undefined : agents.find(agent).id);
  return {
    'sessions.create': {
      by: 'window',
      args: NEW_SESSION,
      run: async ({ agent, ...asked }) => {
        const { session, token } = await sessions.create(agents.find(agent), termsIn(asked));
        return { session: sessionView(session), token };
      },
    },
    'sessions.list': { by: 'cli', args: SESSION_LIST, run: ({ agent }) => ({ sessions: sessions.list({ agentId: idOf(agent) }).map(sessionView) }) },
    'sessions.revoke': {
      by: 'window',
      args: REVOKE,
      run: async ({ session_id, reason = 'by the person' }) => ({ session: sessionView(await sessions.revoke(session_id, reason)) }),
    },
    'sessions.invalidateAll': {
      by: 'window',
      args: INVALIDATE,
      run: async ({ reason = 'all sessions were invalidated' }) => ({ revoked: await sessions.invalidateAll(reason) }),
    },
    'sessions.rotateKey': {
      by: 'cli',
      args: NOTHING,
      run: () => {
        sessions.rotateKey();
        return { rotated: true };
      },
    },
    'renewals.list': {
      by: 'window',
      args: RENEWAL_LIST,
      run: ({ which, agent, before_id, limit = DEFAULT_PAGE }) => {
        const found = renewals.list({ which, agentId: idOf(agent), beforeId: before_id, limit: limit + 1 });
        return { renewals: found.slice(0, limit).map(renewalView), has_more: found.length > limit };
      },
    },
    'renewals.keep': { by: 'window', args: RENEWAL, run: ({ renewal_id }) => ({ renewal: renewalView(renewals.keep(renewal_id)) }) },
    'renewals.reject': { by: 'window', args: RENEWAL, run: async ({ renewal_id }) => ({ renewal: renewalView(await renewals.reject(renewal_id)) }) },
  };
}

interface AskedTerms {
  readonly ttl_sec?: number | null | undefined;
  readonly max_renewals?: number | null | undefined;
  readonly reject_window_sec?: number | undefined;
}

function termsIn({ ttl_sec, max_renewals, reject_window_sec }: AskedTerms): Partial<SessionTerms> {
  return {
    ...(ttl_sec !== undefined && { ttlSec: ttl_sec }),
    ...(max_renewals !== undefined && { maxRenewals: max_renewals }),
    ...(reject_window_sec !== undefined && { rejectWindowSec: reject_window_sec }),
  };
}
