import { NOTICE_TABLE } from './notice-table.ts';
import type { NoticeContexts } from './notices.ts';
import type { StoredNotice } from './draft.ts';
import type { NoticeChannel } from './types.ts';

/** Why nobody is told, or not yet. */
export type HeldReason = 'no_channel' | 'muted' | 'throttled' | 'quiet_hours';

export interface RouteFacts {
  readonly now: number;
  /** The channels that can be used, in the order in which they are asked. */
  readonly usable: readonly { readonly channel: NoticeChannel; readonly blockedUntil: number | null }[];
  /** The channels on which the person does not want this type. */
  readonly muted: ReadonlySet<NoticeChannel>;
  readonly escalateTo: readonly NoticeChannel[];
  /** When the quiet hours end; null when there are none now. */
  readonly quietUntil: number | null;
  /** How many of this type were told within the last hour. */
  readonly toldLastHour: number;
  readonly maxPerHour: number | null;
}

export type Plan =
  | { readonly kind: 'suppress'; readonly reason: HeldReason }
  | {
      readonly kind: 'send';
      /** Every channel that may carry it, in order. */
      readonly route: readonly NoticeChannel[];
      /** Those of them that are asked at once. */
      readonly first: readonly NoticeChannel[];
      readonly dueAt: number;
      readonly held: HeldReason | null;
    };

/** A channel that is silent for longer is not waited for: the next one is asked as well. */
export const PATIENCE_MS = 10_000;

/** Who is told of a notice, and when (DESIGN §12). */
export function planRoute(notice: Pick<StoredNotice, 'type' | 'context'>, facts: RouteFacts): Plan {
  const row = NOTICE_TABLE[notice.type];
  const wanted = facts.usable.filter(({ channel }) => goesTo(notice, channel, facts));
  const allowed = notice.type === 'TEST' ? wanted : wanted.filter(({ channel }) => !facts.muted.has(channel));
  if (allowed.length === 0) return { kind: 'suppress', reason: wanted.length === 0 ? 'no_channel' : 'muted' };
  if (row.throttled && facts.maxPerHour !== null && facts.toldLastHour >= facts.maxPerHour) return { kind: 'suppress', reason: 'throttled' };

  const held = facts.quietUntil !== null && row.severity !== 'critical' && notice.type !== 'TEST';
  const dueAt = held ? facts.quietUntil : facts.now;
  const firstOpen = allowed.findIndex(({ blockedUntil }) => blockedUntil === null || blockedUntil <= dueAt + PATIENCE_MS);
  const asked = row.reach === 'first' ? allowed.slice(0, firstOpen === -1 ? allowed.length : firstOpen + 1) : allowed;
  return { kind: 'send', route: allowed.map(({ channel }) => channel), first: asked.map(({ channel }) => channel), dueAt, held: held ? 'quiet_hours' : null };
}

function goesTo({ type, context }: Pick<StoredNotice, 'type' | 'context'>, channel: NoticeChannel, { escalateTo, usable }: RouteFacts): boolean {
  if (type === 'TEST') return channel === (context as NoticeContexts['TEST']).channel;
  if (type === 'NOTICE_CHANNEL_DOWN') return channel !== (context as NoticeContexts['NOTICE_CHANNEL_DOWN']).channel;
  if (NOTICE_TABLE[type].reach !== 'escalation') return true;
  // Channels that were named and cannot be used must not swallow an escalation.
  const named = usable.filter((other) => escalateTo.includes(other.channel));
  return named.length === 0 || escalateTo.includes(channel);
}
