import type { DeliveryState, NoticeAction, NoticeChannel, NoticeState, NoticeType, Severity } from '../../main/notify/types.ts';
import type { Locale } from './app.ts';
import type { Call, Nothing } from './call.ts';

/** One notice, and where it stands on each channel. Times are ISO 8601; null: not yet. */
export interface NoticeView {
  readonly id: number;
  readonly type: NoticeType;
  readonly severity: Severity;
  readonly texts: Readonly<Record<Locale, { readonly title: string; readonly summary: string; readonly body: string | null }>>;
  readonly createdAt: string;
  readonly state: NoticeState;
  /** `no_channel`, `muted`, `throttled` or `quiet_hours`; otherwise what the last channel said. */
  readonly reason: string | null;
  readonly deliveredAt: string | null;
  readonly seenAt: string | null;
  readonly actions: readonly NoticeAction[];
  /** The page that shows more. */
  readonly page: string;
  readonly deliveries: readonly {
    readonly channel: NoticeChannel;
    readonly state: DeliveryState;
    readonly attempts: number;
    /** When it is tried (again). */
    readonly dueAt: string;
    readonly mayRepeat: boolean;
    readonly reason: string | null;
    readonly doneAt: string | null;
  }[];
}

export interface NoticeAttemptView {
  readonly channel: NoticeChannel;
  readonly at: string;
  /** `unknown`: the program ended before the answer came. */
  readonly outcome: 'sent' | 'throttled' | 'failed' | 'refused' | 'unknown';
  readonly reason: string | null;
}

/** A channel for notices. */
export interface NoticeChannelView {
  readonly channel: NoticeChannel;
  /** `off`: not set up. `unavailable`: set up, but not here and now. */
  readonly state: 'off' | 'unavailable' | 'failing' | 'ready';
  /** Where it goes, as far as that may be shown. */
  readonly target: string;
  /** What is missing or went wrong; null when nothing did. */
  readonly reason: string | null;
  /** In a row. */
  readonly failures: number;
  readonly lastOkAt: string | null;
  readonly pausedUntil: string | null;
}

export interface NoticesView {
  /** Of how many nobody was told while the person has not looked at them. */
  readonly missed: number;
  /** Newest first. */
  readonly latest: readonly NoticeView[];
  readonly channels: readonly NoticeChannelView[];
  /** What the person does not want to hear, and where. */
  readonly mutes: readonly { readonly type: NoticeType; readonly channel: NoticeChannel }[];
  /** As `22:00-07:00`; empty: none. */
  readonly quietHours: string;
}

export interface NoticeCalls {
  /** Newest first. `missed`: nobody was told, and the person has not looked at it yet. */
  'notices.list': Call<
    {
      readonly which?: 'all' | 'missed' | 'waiting' | 'delivered' | 'suppressed' | 'failed';
      readonly type?: NoticeType;
      readonly severity?: Severity;
      readonly before_id?: number;
      readonly limit?: number;
    },
    { readonly notices: readonly NoticeView[]; readonly has_more: boolean }
  >;
  'notices.get': Call<{ readonly notice_id: number }, { readonly notice: NoticeView; readonly attempts: readonly NoticeAttemptView[] }>;
  /** Tells it anew, by the rules of now. */
  'notices.resend': Call<{ readonly notice_id: number }, { readonly notice: NoticeView }>;
  /** The person has looked at every notice up to this one. */
  'notices.markSeen': Call<{ readonly up_to_id: number }, { readonly seen: number }>;
  /** Presses a button of the notice. */
  'notices.act': Call<{ readonly notice_id: number; readonly action: NoticeAction }, { readonly notice: NoticeView }>;
  /** Sends a test by this channel; answers when the channel has. */
  'notices.test': Call<{ readonly channel: NoticeChannel }, { readonly notice_id: number; readonly delivered: boolean; readonly reason: string | null }>;
  'notices.mute': Call<{ readonly type: NoticeType; readonly channel: NoticeChannel; readonly muted: boolean }, { readonly mutes: NoticesView['mutes'] }>;
  /** As `22:00-07:00`; empty: none. */
  'notices.setQuietHours': Call<{ readonly hours: string }, { readonly quiet_hours: string }>;
  'notices.status': Call<Nothing, NoticesView>;
}
