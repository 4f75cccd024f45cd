import { z } from 'zod';
import { iso } from '../base/clock.ts';
import type { ChannelRecords } from '../notify/channel-records.ts';
import { NOTICE_CHANNELS } from '../notify/channels.ts';
import type { ChannelTest } from '../notify/channel-test.ts';
import { draftOf } from '../notify/draft.ts';
import { NOTICE_FILTERS, type NoticeHistory, type NoticeRecord } from '../notify/history.ts';
import type { NoticeActions } from '../notify/notice-actions.ts';
import { NOTICE_TYPES } from '../notify/notice-table.ts';
import { howToSetUp } from '../notify/transports/open-transports.ts';
import type { Transport } from '../notify/transports/transport.ts';
import { wordsIn } from '../notify/words/words.ts';
import type { NoticeChannelView, NoticesView, NoticeView } from '../../preload/contract.ts';
import type { CallDefinitions } from './calls.ts';
import { integer, oneOf } from './input-fields.ts';

/** What windows and command line use of the notify room. */
export interface NoticeRooms {
  readonly history: NoticeHistory;
  readonly actions: NoticeActions;
  readonly records: ChannelRecords;
  /** The channels that are set up now. */
  readonly transports: () => readonly Transport[];
  readonly test: ChannelTest;
  quietHours(): string;
  /** Keeps them in config.toml; they hold at once. Rejects with CONFIG_INVALID. */
  setQuietHours(hours: string): Promise<void>;
}

type NoticeCallName = Extract<keyof CallDefinitions, `notices.${string}`>;

const DEFAULT_PAGE = 100;
const SNAPSHOT_NOTICES = 100;
const QUIET_HOURS = /^(?:(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d)?$/;

const NOTHING = z.strictObject({});
const id = integer('notice_id', 1, Number.MAX_SAFE_INTEGER);
const LIST = z.strictObject({
  which: oneOf('which', NOTICE_FILTERS).optional(),
  type: oneOf('type', NOTICE_TYPES as [NoticeView['type']]).optional(),
  severity: oneOf('severity', ['info', 'warning', 'critical']).optional(),
  before_id: integer('before_id', 1, Number.MAX_SAFE_INTEGER).optional(),
  limit: integer('limit', 1, 500).default(DEFAULT_PAGE),
});
const ONE = z.strictObject({ notice_id: id });
const SEEN = z.strictObject({ up_to_id: integer('up_to_id', 0, Number.MAX_SAFE_INTEGER) });
const ACT = z.strictObject({ notice_id: id, action: oneOf('action', ['keep', 'reject', 'ack']) });
const TEST = z.strictObject({ channel: oneOf('channel', NOTICE_CHANNELS) });
const MUTE = z.strictObject({
  type: oneOf('type', NOTICE_TYPES as [NoticeView['type']]),
  channel: oneOf('channel', NOTICE_CHANNELS),
  muted: z.boolean({ error: 'muted must be true or false' }),
});
const QUIET = z.strictObject({ hours: z.string().regex(QUIET_HOURS, { error: 'hours must be two times of day, as 22:00-07:00, or empty' }) });

/** What the person does about notices, through windows and the command line. */
export function noticeCalls(rooms: NoticeRooms): Pick<CallDefinitions, NoticeCallName> {
  const { history, actions, test } = rooms;
  return {
    'notices.list': {
      by: 'window',
      args: LIST,
      run: ({ which, type, severity, before_id, limit = DEFAULT_PAGE }) => {
        const found = history.list({ which, severity, beforeId: before_id, limit: limit + 1, ...(type !== undefined && { types: [type] }) });
        return { notices: found.slice(0, limit).map(noticeView), has_more: found.length > limit };
      },
    },
    'notices.get': { by: 'window', args: ONE, run: ({ notice_id }) => ({ notice: noticeView(history.get(notice_id)), attempts: history.attempts(notice_id) }) },
    'notices.resend': { by: 'window', args: ONE, run: ({ notice_id }) => ({ notice: noticeView(history.resend(notice_id)) }) },
    'notices.markSeen': { by: 'window', args: SEEN, run: ({ up_to_id }) => ({ seen: history.markSeen({ upTo: up_to_id }) }) },
    'notices.act': {
      by: 'window',
      args: ACT,
      run: async ({ notice_id, action }) => {
        await actions.run(notice_id, action);
        return { notice: noticeView(history.get(notice_id)) };
      },
    },
    'notices.test': {
      by: 'window',
      args: TEST,
      run: async ({ channel }) => {
        const { noticeId, delivered, reason } = await test.run(channel);
        return { notice_id: noticeId, delivered, reason };
      },
    },
    'notices.mute': {
      by: 'window',
      args: MUTE,
      run: ({ type, channel, muted }) => {
        history.setMute(type, channel, muted);
        return { mutes: history.mutes() };
      },
    },
    'notices.setQuietHours': {
      by: 'window',
      args: QUIET,
      run: async ({ hours }) => {
        await rooms.setQuietHours(hours);
        return { quiet_hours: rooms.quietHours() };
      },
    },
    'notices.status': { by: 'window', args: NOTHING, run: () => noticesView(rooms) },
  };
}

/** Everything the page of notices shows at first. */
export function noticesView(rooms: NoticeRooms): NoticesView {
  return {
    missed: rooms.history.countMissed(),
    latest: rooms.history.list({ limit: SNAPSHOT_NOTICES }).map(noticeView),
    channels: NOTICE_CHANNELS.map((channel) => channelView(rooms, channel)),
    mutes: rooms.history.mutes(),
    quietHours: rooms.quietHours(),
  };
}

function channelView({ transports, records }: NoticeRooms, channel: NoticeChannelView['channel']): NoticeChannelView {
  const transport = transports().find((other) => other.channel === channel);
  const { blockedUntil, failures, lastOkAt, lastError } = records.get(channel);
  const missing = transport === undefined ? howToSetUp(channel) : transport.unavailable();
  return {
    channel,
    state: transport === undefined ? 'off' : missing !== null ? 'unavailable' : failures > 0 ? 'failing' : 'ready',
    target: transport?.target ?? '',
    reason: missing ?? lastError,
    failures,
    lastOkAt: lastOkAt === null ? null : iso(lastOkAt),
    pausedUntil: blockedUntil === null ? null : iso(blockedUntil),
  };
}

/** A notice as windows and the command line see it, in both languages, because each window chooses its own. */
function noticeView(record: NoticeRecord): NoticeView {
  const { context, id: noticeId, ...rest } = record;
  const draft = draftOf(record, wordsIn('en'), false, null);
  const text = (locale: 'en' | 'ko') => {
    const { title, summary, body } = wordsIn(locale).textOf({ type: record.type, context });
    return { title, summary, body: body ?? null };
  };
  return { id: noticeId, ...rest, texts: { en: text('en'), ko: text('ko') }, actions: draft.actions, page: draft.page };
}
