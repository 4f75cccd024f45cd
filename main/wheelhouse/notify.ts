import type { Renewals } from '../access/renewals.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Config } from '../config/schema.ts';
import type { SecretStore } from '../config/secret-store.ts';
import { writeSettings } from '../config/write.ts';
import { ChannelHealth } from '../notify/channel-health.ts';
import { ChannelTest } from '../notify/channel-test.ts';
import { Dispatcher, type RejectLinks } from '../notify/dispatcher.ts';
import { NoticeHistory } from '../notify/history.ts';
import { NoticeActions, type NoticeHandlers } from '../notify/notice-actions.ts';
import type { NoticeContexts } from '../notify/notices.ts';
import { NoticeUpkeep } from '../notify/notice-upkeep.ts';
import type { Notifications } from '../notify/notifications.ts';
import type { NotifyRules } from '../notify/rules.ts';
import type { DesktopNotices } from '../notify/transports/desktop.ts';
import { openTransports } from '../notify/transports/open-transports.ts';
import type { NoticeChannel } from '../notify/types.ts';
import { wordsIn, type NoticeLocale } from '../notify/words/words.ts';
import type { NoticeRooms } from '../server/notice-calls.ts';
import type { Store } from '../store/store.ts';
import { Outages } from './outages.ts';

export interface NotifyRoomOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly dataDir: string;
  readonly config: Config['notify'];
  readonly secrets: Pick<SecretStore, 'values'>;
  readonly notifications: Notifications;
  readonly renewals: Renewals;
  readonly rejectLinks: RejectLinks;
  /** Null: nothing can appear on this desktop. */
  readonly desktop: DesktopNotices | null;
  /** The setting as it is now. */
  readonly language: () => Config['ui']['language'];
  readonly acknowledgeCompletion?: NoticeHandlers['acknowledgeCompletion'];
  /** `command`: a command without the core, which sends what it queues itself and leaves the rest. */
  readonly kind: 'core' | 'command';
  readonly report: (what: string, error: unknown) => void;
}

/** The notify room, put together. Nothing is sent before `start`. */
export interface NotifyRoom extends NoticeRooms {
  readonly dispatcher: Dispatcher;
  start(): void;
  /** The machine woke up. */
  resume(): void;
  /** A secret of these channels changed: they are opened anew and asked at once. Throws SECRET_FILE_REFUSED, CONFIG_INVALID. */
  reopen(channels: readonly NoticeChannel[]): void;
  stop(): Promise<void>;
}

export function openNotify(options: NotifyRoomOptions): NotifyRoom {
  const { store, clock, config, secrets, notifications, renewals, rejectLinks, desktop, language, kind, report } = options;
  const history = new NoticeHistory(store);
  const actions = new NoticeActions(history, { ...renewalHandlers(renewals), ...(options.acknowledgeCompletion !== undefined && { acknowledgeCompletion: options.acknowledgeCompletion }) });
  const words = () => wordsIn(localeOf(language()));
  const open = () =>
    openTransports({
      config,
      secrets: secrets.values(),
      desktop,
      words,
      choose: (noticeId, action) => void actions.run(noticeId, action).catch((error: unknown) => report(`the choice "${action}" on notice ${noticeId} could not be carried out`, error)),
    });
  let opened = open();
  const transports = () => opened;
  let quietHours = config.quiet_hours;
  const rules = (): NotifyRules => ({
    priority: config.priority as readonly NoticeChannel[],
    escalateTo: config.escalate_to as readonly NoticeChannel[],
    quietHours,
    maxPerHour: config.max_per_hour,
    maxPerMinute: config.max_per_minute,
    retryMs: config.retry_hours * 3_600_000,
  });
  const outages = new Outages(store);
  const upkeep = new NoticeUpkeep({ store, clock, history, keepDays: config.history_days });
  const dispatcher = new Dispatcher({ upkeep, store, clock, notifications, transports, rules, words, rejectLinks, outageTold: (tx, channel) => outages.chatsToldDown(tx, channel), kind, processName: String(process.pid), random: Math.random, report });
  const { records } = dispatcher;
  const health = new ChannelHealth({ store, clock, records, transports, everyMs: config.check_minutes * 60_000, random: Math.random, report });
  return {
    dispatcher,
    history,
    actions,
    records,
    transports,
    test: new ChannelTest({ store, clock, notifications, history, records, transports, kick: () => dispatcher.check() }),
    quietHours: () => quietHours,
    async setQuietHours(hours) {
      await writeSettings(options.dataDir, { notify: { quiet_hours: hours } });
      quietHours = hours;
      store.transact((tx) => tx.event({ kind: 'settings', action: 'changed', text: `Settings changed: quiet hours = ${hours === '' ? 'none' : hours}`, data: { quiet_hours: hours } }));
    },
    start() {
      dispatcher.start();
      void health.check();
    },
    resume() {
      dispatcher.check();
      void health.check();
    },
    reopen(channels) {
      opened = open();
      for (const channel of channels) records.endPause(channel);
      dispatcher.check();
      void health.check();
    },
    async stop() {
      await health.stop();
      await dispatcher.stop();
    },
  };
}

/** A notice names a renewal by session and count. */
function renewalHandlers(renewals: Renewals): Pick<NoticeHandlers, 'keepRenewal' | 'rejectRenewal'> {
  const idOf = ({ sessionId, renewalCount }: NoticeContexts['SESSION_RENEWED']): number => {
    const id = renewals.idOf(sessionId, renewalCount);
    if (id === null) throw new AppError('RENEWAL_NOT_FOUND', `Renewal ${renewalCount} of the session ${sessionId} is forgotten; its session ended long ago.`);
    return id;
  };
  return {
    keepRenewal: async (context) => void renewals.keep(idOf(context)),
    rejectRenewal: async (context) => void (await renewals.reject(idOf(context))),
  };
}

function localeOf(language: Config['ui']['language']): NoticeLocale {
  if (language !== 'system') return language;
  return /^ko\b/i.test(new Intl.DateTimeFormat().resolvedOptions().locale) ? 'ko' : 'en';
}
