import { Dispatcher, type DispatcherParts } from '../../main/notify/dispatcher.ts';
import { NoticeHistory } from '../../main/notify/history.ts';
import type { RateLimit } from '../../main/notify/limits.ts';
import type { Notice } from '../../main/notify/notices.ts';
import { Notifications } from '../../main/notify/notifications.ts';
import type { NotifyRules } from '../../main/notify/rules.ts';
import type { Item, Outcome, Transport } from '../../main/notify/transports/transport.ts';
import type { NoticeChannel } from '../../main/notify/types.ts';
import { wordsIn } from '../../main/notify/words/words.ts';
import { FakeClock } from './fake-clock.ts';
import { makeTempStore } from './temp-store.ts';

/** One message as it left: the summaries of what it told. */
export interface PaperMessage {
  readonly at: number;
  readonly tells: readonly string[];
  /** Which of them say that they may be repeats. */
  readonly repeats: readonly string[];
  readonly links: readonly string[];
}

/** A transport whose messages go on paper, and whose answers a test decides. */
export class PaperTransport implements Transport {
  readonly channel: NoticeChannel;
  readonly target = 'paper';
  readonly limits: readonly RateLimit[];
  /** What was asked of it, whatever came of it. */
  readonly attempts: PaperMessage[] = [];
  /** What it took. */
  readonly messages: PaperMessage[] = [];
  /** The answer to each message; it takes everything by default. */
  answer: (message: PaperMessage) => Outcome | Promise<Outcome> = () => ({ kind: 'sent', providerId: null });
  health: Outcome = { kind: 'sent', providerId: null };
  most = 1000;
  absent: string | null = null;
  readonly #clock: FakeClock;

  constructor(channel: NoticeChannel, clock: FakeClock, limits: readonly RateLimit[] = []) {
    this.channel = channel;
    this.#clock = clock;
    this.limits = limits;
  }

  unavailable(): string | null {
    return this.absent;
  }

  capacity(items: readonly Item[]): number {
    return Math.min(items.length, this.most);
  }

  async send(items: readonly Item[]): Promise<Outcome> {
    const message: PaperMessage = {
      at: this.#clock.now(),
      tells: items.map(({ draft }) => draft.title),
      repeats: items.filter(({ draft }) => draft.mayRepeat).map(({ draft }) => draft.title),
      links: items.flatMap(({ draft }) => draft.link?.url ?? []),
    };
    this.attempts.push(message);
    const outcome = await this.answer(message);
    if (outcome.kind === 'sent') this.messages.push(message);
    return outcome;
  }

  async check(): Promise<Outcome> {
    return this.health;
  }
}

export const DEFAULT_RULES: NotifyRules = {
  priority: ['telegram', 'discord', 'ntfy', 'desktop'],
  escalateTo: [],
  quietHours: '',
  maxPerHour: 60,
  maxPerMinute: 10_000,
  retryMs: 24 * 3_600_000,
};

/** A database, a clock that moves when told, and paper channels. */
export function makeNotifyRig(channels: readonly NoticeChannel[] = ['telegram']) {
  const clock = new FakeClock();
  const { store, file, close } = makeTempStore(clock);
  const notifications = new Notifications(store);
  const history = new NoticeHistory(store);
  const paper = channels.map((channel) => new PaperTransport(channel, clock));
  const reported: string[] = [];
  let rules = DEFAULT_RULES;

  const dispatcherOf = (changes: Partial<DispatcherParts> = {}): Dispatcher =>
    new Dispatcher({
      store,
      clock,
      notifications,
      transports: () => paper,
      rules: () => rules,
      words: () => wordsIn('en', 'UTC'),
      rejectLinks: { issue: ({ sessionId }) => `http://127.0.0.1:3100/reject/${sessionId}` },
      kind: 'core',
      processName: 'test',
      random: () => 0.5,
      upkeep: null,
      report: (what, error) => reported.push(`${what}: ${String(error)}`),
      ...changes,
    });
  const dispatcher = dispatcherOf();

  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    clock,
    store,
    file,
    notifications,
    history,
    dispatcher,
    dispatcherOf,
    reported,
    paper,
    on: (channel: NoticeChannel): PaperTransport => paper.find((transport) => transport.channel === channel)!,
    setRules: (changes: Partial<NotifyRules>): void => {
      rules = { ...rules, ...changes };
    },
    enqueue: (...notices: readonly Notice[]): readonly number[] => store.transact((tx) => notices.map((notice) => notifications.enqueue(tx, notice))),
    /** Lets everything that can happen without time passing happen. */
    settled,
    /** Lets time pass in steps, so that what an answer causes happens at its time. */
    async pass(ms: number): Promise<void> {
      const step = Math.max(250, Math.ceil(ms / 200));
      for (let left = ms; left > 0; left -= step) {
        clock.advance(Math.min(step, left));
        await settled();
      }
    },
    async close(): Promise<void> {
      await dispatcher.stop();
      close();
    },
  };
}
export type NotifyRig = ReturnType<typeof makeNotifyRig>;

/** A completion of the task; `id` tells it from others. */
export const done = (task: string, id = `id-${task}`): Notice => ({
  type: 'COMPLETION_DONE',
  context: { completionId: id, task, times: 1, team: null, summary: null, report: null, finishedAt: '2026-11-20T09:00:00.000Z' },
  dedupeKey: id,
});
export const runFailed = (group: string): Notice => ({ type: 'RUN_FAILED', context: { runId: `run-${group}`, group, reason: 'exit 1', attempts: 1, retryAt: null } });
export const killSwitchOn = (): Notice => ({ type: 'KILL_SWITCH_ACTIVATED', context: { at: '2026-11-20T09:00:00.000Z', text: 'Everything was stopped.', failedSteps: [] } });
export const renewed = (rejectButton: boolean, sessionId = '0194a000-0000-7000-8000-000000000001'): Notice => ({
  type: 'SESSION_RENEWED',
  context: {
    sessionId,
    agentName: 'fe-1',
    renewalCount: 3,
    maxRenewals: 30,
    remainingAbsoluteLife: '27d 12h',
    rejectButton,
    ...(rejectButton && { rejectWindowExpiry: '2026-11-20T10:00:00.000Z' }),
  },
});
