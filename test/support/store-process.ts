/**
 * One process of the store tests. `lock DIR` obeys lines on stdin (`take`, `release`) and answers each with a JSON line,
 * until stdin closes; `open FILE` does so for `open`. `write FILE COUNT WHO` counts in one database with others and prints one JSON line at the end.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '../../main/base/clock.ts';
import { AppError } from '../../main/base/errors.ts';
import { acquireDaemonLock, type DaemonLock } from '../../main/store/daemon-lock.ts';
import { openStore } from '../../main/store/open.ts';
import type { Store } from '../../main/store/store.ts';

const [mode, path = '', count = '0', who = ''] = process.argv.slice(2);
const answer = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

function openIt(): Store {
  return openStore({ file: path, durability: 'normal', clock: systemClock, onListenerError: (error) => answer({ error: String(error) }) });
}

if (mode === 'lock') {
  let lock: DaemonLock | null = null;
  answer({ ready: process.pid });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'take') {
      try {
        lock = await acquireDaemonLock({ dataDir: path, clock: systemClock });
        answer({ won: true, afterCrash: lock.afterCrash });
      } catch (error) {
        answer({ won: false, code: error instanceof AppError ? error.code : String(error), holder: error instanceof AppError ? error.details['pid'] : null });
      }
    } else {
      lock?.release();
      lock = null;
      answer({ released: true });
    }
  }
  lock?.release();
} else if (mode === 'open') {
  answer({ ready: process.pid });
  createInterface({ input: process.stdin }).on('line', () => {
    try {
      openIt().close();
      answer({ opened: true });
    } catch (error) {
      answer({ opened: false, error: String(error) });
    }
  });
} else {
  const store = openIt();
  const read = store.db.prepare("SELECT value FROM counters WHERE name = 'shared'").pluck();
  const write = store.db.prepare("INSERT INTO counters (name, value) VALUES ('shared', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  for (let number = 0; number < Number(count); number += 1) {
    store.transact((tx) => {
      write.run(((read.get() as number | undefined) ?? 0) + 1);
      tx.event({ kind: 'test', action: 'counted', text: `${who}-${number}` });
    });
  }
  store.close();
  answer({ done: who });
}
