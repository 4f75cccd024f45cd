import { AppError } from '../base/errors.ts';
import type { Guard } from '../access/guard.ts';
import type { RejectLink, Renewals } from '../access/renewals.ts';
import type { Session } from '../access/session-rows.ts';
import { rejectPage, type RejectPageState } from './reject-page.ts';
import type { Exchange, Route } from './routes.ts';

export interface RejectRouteParts {
  readonly renewals: Renewals;
  readonly guard: Guard;
}

const REJECT_PATH = '/v1/dashboard/sessions/:id/reject';

/** The absolute address that a notice carries; `origin` is that of this server. */
export function rejectUrl(origin: string, sessionId: string, nonce: string): string {
  return `${origin}${REJECT_PATH.replace(':id', sessionId)}?nonce=${nonce}`;
}

/** The page behind the reject link of a notice: looking at it changes nothing, its button ends the session (waiaas.md §8). */
export function rejectRoutes(parts: RejectRouteParts): readonly Route[] {
  const shared = { path: REJECT_PATH, auth: ['nonce'], body: 'none', whileLocked: 'allowed', errors: 'page' } as const;
  return [
    { ...shared, methods: ['GET'], handle: (exchange) => show(parts, exchange) },
    { ...shared, methods: ['POST'], handle: async (exchange) => reject(parts, exchange) },
  ];
}

function show(parts: RejectRouteParts, exchange: Exchange): Response {
  return withLink(parts, exchange, (link) => rejectPage(stateOf(parts.guard, link.session), link, exchange.request));
}

async function reject(parts: RejectRouteParts, exchange: Exchange): Promise<Response> {
  assertOwnPage(exchange.request);
  const { renewals, guard } = parts;
  return withLink(parts, exchange, async ({ count }) => {
    const { session, endedNow } = await renewals.rejectByLink(exchange.params['id']!, nonceOf(exchange));
    return rejectPage(endedNow ? 'rejected' : stateOf(guard, session), { session, count }, exchange.request);
  });
}

/** A link that leads nowhere is answered by a page that says so. */
function withLink<T>({ renewals }: RejectRouteParts, exchange: Exchange, answer: (link: RejectLink) => T): T | Response {
  let link: RejectLink;
  try {
    link = renewals.openLink(exchange.params['id']!, nonceOf(exchange));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'SESSION_NOT_FOUND') return rejectPage('gone', null, exchange.request);
    if (error.code === 'REJECT_LINK_INVALID') return rejectPage('wrong link', null, exchange.request);
    throw error;
  }
  return answer(link);
}

function nonceOf({ access }: Exchange): string {
  if (access.class !== 'nonce') throw new Error('a renewal was rejected through a route of another class');
  return access.nonce;
}

function stateOf(guard: Guard, session: Session): RejectPageState {
  if (guard.state() !== 'NORMAL' && session.state !== 'live') return 'locked';
  return session.state === 'live' ? 'ask' : session.state;
}

/** The gate has checked Host and Origin; browsers that send no Origin say by this header where the form was. */
function assertOwnPage(request: Request): void {
  const site = request.headers.get('sec-fetch-site');
  if (site === null || site === 'same-origin' || site === 'none') return;
  throw new AppError('ORIGIN_REFUSED', 'A renewal is rejected on the page that its link opens, not from another one.');
}
