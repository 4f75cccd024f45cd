import { z } from 'zod';
import type { Agents } from '../access/agents.ts';
import type { OwnerState } from '../access/owner-state.ts';
import type { SessionRenewal } from '../access/session-renewal.ts';
import { SESSION_STATES, type Session } from '../access/session-rows.ts';
import { SESSION_RANGES, type SessionTerms } from '../access/session-terms.ts';
import type { Sessions } from '../access/sessions.ts';
import { iso } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { parseInput } from '../bus/inputs.ts';
import { integer, integerText, oneOf, text } from './input-fields.ts';
import type { Exchange, Route } from './routes.ts';
import { sessionView } from './views.ts';

export interface SessionRouteParts {
  readonly agents: Agents;
  readonly sessions: Sessions;
  readonly renewal: SessionRenewal;
  readonly ownerStateOf: (agentId: string) => OwnerState;
}

const constraint = (name: string, { min, max }: { readonly min: number; readonly max: number }) => integer(`constraints.${name}`, min, max);
const orNone = <T extends z.ZodType>(type: T) => type.nullable().optional();

const masterPassword = z.string({ error: 'masterPassword must be text' }).optional();
/** What {@link constraintsOf} gives is accepted here, so that a new session can inherit them all. */
const CONSTRAINTS = z.strictObject(
  {
    expiresIn: orNone(constraint('expiresIn', SESSION_RANGES.ttlSec)),
    maxRenewals: orNone(constraint('maxRenewals', SESSION_RANGES.maxRenewals)),
    renewalRejectWindow: constraint('renewalRejectWindow', SESSION_RANGES.rejectWindowSec).optional(),
  },
  { error: ({ code }) => (code === 'unrecognized_keys' ? 'constraints takes expiresIn, maxRenewals and renewalRejectWindow' : 'constraints must be an object') },
);
const NEW = z.strictObject({ masterPassword, agentId: text('agentId', 60), constraints: CONSTRAINTS.optional() });
const LIST = z.strictObject({
  agentId: text('agentId', 60).optional(),
  state: oneOf('state', SESSION_STATES).optional(),
  limit: integerText('limit', 1, 500).optional(),
});
const END = z.strictObject({ masterPassword, reason: text('reason', 500).optional() });

/** Sessions over HTTP (waiaas.md §4, §14). Ending them is allowed while the kill switch is on. */
export function sessionRoutes(parts: SessionRouteParts): readonly Route[] {
  const shared = { errors: 'envelope', whileLocked: 'refused' } as const;
  const person = ['ui', 'master'] as const;
  return [
    { ...shared, methods: ['POST'], path: '/v1/sessions', auth: person, body: 'json', handle: async (exchange) => create(parts, exchange) },
    { ...shared, methods: ['GET'], path: '/v1/sessions', auth: person, body: 'none', handle: async (exchange) => list(parts, exchange) },
    // Before /v1/sessions/:id, which would take the word for an id.
    { ...shared, methods: ['POST'], path: '/v1/sessions/invalidate-all', auth: person, body: 'json', whileLocked: 'allowed', handle: async (exchange) => invalidateAll(parts, exchange) },
    { ...shared, methods: ['GET'], path: '/v1/sessions/:id', auth: ['session', ...person], body: 'none', handle: async (exchange) => get(parts, exchange) },
    { ...shared, methods: ['DELETE'], path: '/v1/sessions/:id', auth: person, body: 'json', whileLocked: 'allowed', handle: async (exchange) => end(parts, exchange) },
    { ...shared, methods: ['PUT'], path: '/v1/sessions/:id/renew', auth: ['renewal'], body: 'none', handle: async (exchange) => renew(parts, exchange) },
  ];
}

async function create({ agents, sessions }: SessionRouteParts, exchange: Exchange): Promise<Response> {
  await assertPerson(exchange);
  const { agentId, constraints = {} } = parseInput(NEW, 'a session', exchange.body ?? {});
  const { session, token } = await sessions.create(agents.find(agentId), termsIn(constraints));
  return Response.json(
    {
      sessionId: session.id,
      token,
      expiresAt: isoOrNull(session.expiresAt),
      absoluteExpiresAt: isoOrNull(session.absoluteExpiresAt),
      agentId: session.agentId,
      agentName: session.agentName,
      role: session.role,
      constraints: constraintsOf(session),
    },
    { status: 201 },
  );
}

async function list({ agents, sessions }: SessionRouteParts, exchange: Exchange): Promise<Response> {
  await assertPerson(exchange);
  const { agentId, state, limit } = parseInput(LIST, 'a list of sessions', Object.fromEntries(exchange.url.searchParams));
  const query = { agentId: agentId === undefined ? undefined : agents.find(agentId).id, state };
  return Response.json({ sessions: sessions.list({ ...query, limit }).map(told), total: sessions.count(query) });
}

/** A session may look at itself, and at nothing else. */
async function get({ sessions, ownerStateOf }: SessionRouteParts, exchange: Exchange): Promise<Response> {
  const { access, params } = exchange;
  const id = params['id']!;
  if (access.class !== 'agent') await assertPerson(exchange);
  else if (access.identity.kind !== 'session' || access.identity.caller.sessionId !== id) throw new AppError('FORBIDDEN', 'A session can look at itself only.');
  const session = sessions.get(id);
  return Response.json({ ...told(session), ownerState: ownerStateOf(session.agentId) });
}

async function end({ sessions }: SessionRouteParts, exchange: Exchange): Promise<Response> {
  await assertPerson(exchange);
  const { reason = 'by the person' } = parseInput(END, 'the end of a session', exchange.body ?? {});
  const { id, state, revokedAt } = await sessions.revoke(exchange.params['id']!, reason);
  const message = state === 'revoked' ? 'The session is revoked.' : 'The session had expired before.';
  return Response.json({ message, sessionId: id, revokedAt: isoOrNull(revokedAt) });
}

async function invalidateAll({ sessions }: SessionRouteParts, exchange: Exchange): Promise<Response> {
  await assertPerson(exchange);
  const { reason = 'all sessions were invalidated' } = parseInput(END, 'the end of all sessions', exchange.body ?? {});
  return Response.json({ sessionsRevoked: await sessions.invalidateAll(reason) });
}

async function renew({ renewal }: SessionRouteParts, { access, params }: Exchange): Promise<Response> {
  if (access.class !== 'renewal') throw new Error('a session was renewed through a route of another class');
  const { session, token } = await renewal.renew(params['id']!, access.proof);
  const { id, renewalCount, maxRenewals } = session;
  return Response.json({
    sessionId: id,
    token,
    expiresAt: isoOrNull(session.expiresAt),
    renewalCount,
    maxRenewals,
    absoluteExpiresAt: isoOrNull(session.absoluteExpiresAt),
  });
}

/** The windows and the command line count as the person; everybody else needs the master password. */
async function assertPerson({ access, body }: Exchange): Promise<void> {
  if (access.class === 'ui') return;
  if (access.class !== 'master') throw new Error('a session was managed through a route of another class');
  await access.offer.from(body)();
}

/** The session as this API names things; it has no token to show. */
function told(session: Session) {
  const { ttlSec: _ttl, rejectWindowSec: _window, ...view } = sessionView(session);
  return { ...view, constraints: constraintsOf(session) };
}

function constraintsOf({ ttlSec, maxRenewals, rejectWindowSec }: SessionTerms) {
  return { expiresIn: ttlSec, maxRenewals, renewalRejectWindow: rejectWindowSec };
}

/** What is not asked is left to the policy; null asks for no limit. */
function termsIn({ expiresIn, maxRenewals, renewalRejectWindow }: z.output<typeof CONSTRAINTS>): Partial<SessionTerms> {
  return {
    ...(expiresIn !== undefined && { ttlSec: expiresIn }),
    ...(maxRenewals !== undefined && { maxRenewals }),
    ...(renewalRejectWindow !== undefined && { rejectWindowSec: renewalRejectWindow }),
  };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
