import { join } from 'node:path';
import { createGuard } from '../../main/access/guard.ts';
import { systemClock, type Clock } from '../../main/base/clock.ts';
import { defaultConfig } from '../../main/config/schema.ts';
import { Dispatcher } from '../../main/notify/dispatcher.ts';
import { Notifications } from '../../main/notify/notifications.ts';
import { TelegramTransport } from '../../main/notify/transports/telegram.ts';
import type { Transport } from '../../main/notify/transports/transport.ts';
import { wordsIn } from '../../main/notify/words/words.ts';
import { openStore } from '../../main/store/open.ts';
import { openCompletions } from '../../main/wheelhouse/completions.ts';
import { BOT_TOKEN } from './telegram-api.ts';

export const CHAT = '6937032012';

export interface LifeOptions {
  readonly dataDir: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly durability: 'full' | 'normal';
  readonly archiveAfterSec?: number;
}

/** The second layer on a data directory as the core has it: watcher, outbox, dispatcher. Any failure is thrown. */
export function openLife({ dataDir, transport, clock, durability, archiveAfterSec = 86_400 }: LifeOptions) {
  const report = (what: string, error: unknown): void => {
    throw new Error(what, { cause: error });
  };
  const store = openStore({ file: join(dataDir, 'data/wheelhouse.db'), durability, clock, onListenerError: (error) => report('listener', error) });
  const guard = createGuard(store);
  const notifications = new Notifications(store);
  const config = { ...defaultConfig().completions, archive_after_sec: archiveAfterSec };
  const { completions, watch } = openCompletions({ store, clock, guard, notifications, dataDir, config, report });
  const dispatcher = new Dispatcher({
    store,
    clock,
    notifications,
    transports: () => [transport],
    rules: () => ({ priority: [transport.channel], escalateTo: [], quietHours: '', maxPerHour: 60, maxPerMinute: 60, retryMs: 3_600_000 }),
    words: () => wordsIn('en'),
    rejectLinks: { issue: () => null },
    kind: 'core',
    processName: String(process.pid),
    random: () => 0.5,
    upkeep: null,
    report,
  });
  store.onCommit((events) => watch.heard(events));
  return {
    store,
    completions,
    dispatcher,
    start(): void {
      watch.start();
      dispatcher.start();
    },
    async stop(): Promise<void> {
      await watch.stop();
      await dispatcher.stop();
      store.close();
    },
  };
}

/** Sends to the stand-in for Telegram. */
export const toTelegram = (apiRoot: string): Transport => new TelegramTransport({ apiRoot, chatId: CHAT, token: BOT_TOKEN }, () => wordsIn('en'));

/**
 * The second layer from what lies in the folder to the archive, with a person who acks what they are told. Resolves when
 * there is nothing left to do.
 */
export async function liveCompletions(dataDir: string, apiRoot: string, aheadMs = 0): Promise<void> {
  // Leases of a killed command end by themselves; nobody waits for that here.
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  const life = openLife({ dataDir, transport: toTelegram(apiRoot), clock, durability: 'normal', archiveAfterSec: 0 });
  const { completions } = life;
  const archived = new Promise<void>((resolve) => {
    const look = (): void => {
      for (const { id } of completions.list({ which: 'notified' })) completions.ack(id, 'person');
      if (completions.list().length > 0 && completions.list({ which: 'current' }).length === 0) resolve();
    };
    life.store.onCommit(() => queueMicrotask(look));
    queueMicrotask(look);
  });
  life.start();
  // The timers of the rooms keep no process alive.
  const alive = setInterval(() => undefined, 1000);
  await archived;
  clearInterval(alive);
  await life.stop();
}
