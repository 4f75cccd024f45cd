import { join } from 'node:path';
import { createGuard } from '../../main/access/guard.ts';
import { systemClock, type Clock } from '../../main/base/clock.ts';
import { defaultConfig } from '../../main/config/schema.ts';
import { Dispatcher } from '../../main/notify/dispatcher.ts';
import { Notifications } from '../../main/notify/notifications.ts';
import { TelegramTransport } from '../../main/notify/transports/telegram.ts';
import { wordsIn } from '../../main/notify/words/words.ts';
import { openStore } from '../../main/store/open.ts';
import { openCompletions } from '../../main/wheelhouse/completions.ts';
import { BOT_TOKEN } from './telegram-api.ts';

export const CHAT = '6937032012';

/**
 * The second layer on a data directory: watcher, outbox and dispatcher as the core has them, from what lies there to the
 * archive, with the person acking what they were told. Resolves when there is nothing left to do.
 */
export async function liveCompletions(dataDir: string, apiRoot: string, aheadMs = 0): Promise<void> {
  // Leases of a killed command end by themselves; nobody waits for that here.
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  const report = (what: string, error: unknown): void => {
    throw new Error(what, { cause: error });
  };
  const store = openStore({ file: join(dataDir, 'data/wheelhouse.db'), durability: 'normal', clock, onListenerError: (error) => report('listener', error) });
  const guard = createGuard(store);
  const notifications = new Notifications(store);
  const config = { ...defaultConfig().completions, archive_after_sec: 0 };
  const { completions, watch } = openCompletions({ store, clock, guard, notifications, dataDir, config, report });
  const words = () => wordsIn('en');
  const dispatcher = new Dispatcher({
    store,
    clock,
    notifications,
    transports: [new TelegramTransport({ apiRoot, chatId: CHAT, token: BOT_TOKEN }, words)],
    rules: () => ({ priority: ['telegram'], escalateTo: [], quietHours: '', maxPerHour: 60, maxPerMinute: 60, retryMs: 3_600_000 }),
    words,
    rejectLinks: { issue: () => null },
    kind: 'core',
    processName: String(process.pid),
    random: () => 0.5,
    upkeep: null,
    report,
  });
  const archived = new Promise<void>((resolve) => {
    const look = (): void => {
      for (const { id } of completions.list({ which: 'notified' })) completions.ack(id, 'person');
      if (completions.list().length > 0 && completions.list({ which: 'current' }).length === 0) resolve();
    };
    store.onCommit((events) => {
      watch.heard(events);
      queueMicrotask(look);
    });
    queueMicrotask(look);
  });
  watch.start();
  dispatcher.start();
  // The timers of the rooms keep no process alive.
  const alive = setInterval(() => undefined, 1000);
  await archived;
  clearInterval(alive);
  await watch.stop();
  await dispatcher.stop();
  store.close();
}
