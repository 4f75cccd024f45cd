import type { NoticeChannelView, NoticesView, NoticeType, NoticeView } from '../../preload/contract.ts';

/** What the list shows, as the core filters it. */
export const NOTICE_FILTERS = ['all', 'missed', 'waiting', 'delivered', 'suppressed', 'failed'] as const;
export type NoticeFilter = (typeof NOTICE_FILTERS)[number];

/** Every type, in the order in which the person thinks of them. A test is asked for, so it cannot be unwanted. */
export const NOTICE_TYPES = [
  'COMPLETION_DONE',
  'COMPLETION_ESCALATED',
  'APPROVAL_REQUESTED',
  'SESSION_RENEWED',
  'SESSION_RENEWAL_REJECTED',
  'SESSION_EXPIRING_SOON',
  'RUN_FAILED',
  'RUN_DEAD',
  'SCHEDULE_FAILED',
  'SCHEDULE_PAUSED',
  'KILL_SWITCH_ACTIVATED',
  'KILL_SWITCH_RECOVERY_STARTED',
  'KILL_SWITCH_RECOVERY_READY',
  'KILL_SWITCH_RECOVERY_CANCELLED',
  'KILL_SWITCH_RECOVERED',
  'AUTO_STOP_TRIGGERED',
  'CHANNEL_DOWN',
  'NOTICE_CHANNEL_DOWN',
  'DISK_LOW',
  'UPDATE_READY',
] as const satisfies readonly NoticeType[];

export function readNoticeFilter(word: string | undefined): NoticeFilter {
  return NOTICE_FILTERS.find((filter) => filter === word) ?? 'all';
}

/** Nobody was told, and the person has not looked at it yet. */
export const isMissed = ({ state, seenAt }: Pick<NoticeView, 'state' | 'seenAt'>): boolean => seenAt === null && (state === 'suppressed' || state === 'failed');

/** As the core filters. */
export function matchesNotice(notice: NoticeView, filter: NoticeFilter, type: string): boolean {
  if (type !== '' && notice.type !== type) return false;
  switch (filter) {
    case 'all':
      return true;
    case 'missed':
      return isMissed(notice);
    case 'waiting':
      return notice.state === 'new' || notice.state === 'waiting';
    case 'delivered':
    case 'suppressed':
    case 'failed':
      return notice.state === filter;
  }
}

/** What the core says by a word and not by a sentence of a service. */
const REASONS = ['no_channel', 'muted', 'throttled', 'quiet_hours', 'settled'] as const;
export const isReason = (reason: string): reason is (typeof REASONS)[number] => REASONS.some((known) => known === reason);

/** The channels that have taken it. */
export const carriedBy = ({ deliveries }: NoticeView): readonly NoticeChannelView['channel'][] => deliveries.filter(({ state }) => state === 'sent').map(({ channel }) => channel);

export const isMuted = ({ mutes }: NoticesView, type: NoticeType, channel: NoticeChannelView['channel']): boolean => mutes.some((mute) => mute.type === type && mute.channel === channel);
