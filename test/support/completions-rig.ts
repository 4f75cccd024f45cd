import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGuard } from '../../main/access/guard.ts';
import { Completions, type CompletionsPolicy } from '../../main/completions/completions.ts';
import { FolderPass } from '../../main/completions/folder-pass.ts';
import { RefusedFiles } from '../../main/completions/refused-files.ts';
import { Notifications } from '../../main/notify/notifications.ts';
import { FakeClock } from './fake-clock.ts';
import { makeTempDir } from './temp-dir.ts';
import { makeTempStore } from './temp-store.ts';

/** The completions room on a real database and a real folder, with a clock that tests move; nothing of it runs on its own. */
export function makeCompletions(policy: Partial<CompletionsPolicy> = {}) {
  // The files get the time of the machine.
  const clock = new FakeClock(Date.now());
  const temp = makeTempStore(clock);
  const dir = makeTempDir('wheelhouse-events-');
  const folder = join(dir.path, 'events');
  mkdirSync(folder);
  const { store } = temp;
  const guard = createGuard(store);
  const completions = new Completions({ store, clock, guard, notices: new Notifications(store), policy: { escalateAfterSec: 1800, archiveAfterSec: 86_400, ...policy } });
  const refusedFiles = new RefusedFiles(store);
  const pass = new FolderPass(folder, { completions, refusedFiles, clock, maxBytes: 65_536, reportOf: async () => null });
  return {
    clock,
    store,
    guard,
    folder,
    completions,
    refusedFiles,
    pass,
    /** Makes a `.done` file, as a tool does. */
    drop(task: string, body = ''): void {
      writeFileSync(join(folder, `${task}.done`), body, { flag: 'wx' });
    },
    /** What lies in the folder, the archive included, in order. */
    files(): readonly string[] {
      return (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name !== 'archive').toSorted();
    },
    /** The notices in the outbox, oldest first. */
    notices(): readonly { readonly id: number; readonly type: string; readonly context: Readonly<Record<string, unknown>> }[] {
      const rows = store.db.prepare('SELECT id, type, context FROM notices ORDER BY id').all() as { id: number; type: string; context: string }[];
      return rows.map((row) => ({ ...row, context: JSON.parse(row.context) as Record<string, unknown> }));
    },
    /** What the log says about completions, oldest first. */
    log(): readonly string[] {
      return store.db.prepare("SELECT action FROM events WHERE kind = 'completion' ORDER BY id").pluck().all() as string[];
    },
    lock(): void {
      store.db.exec(`UPDATE system_state SET value = '"ACTIVATED"' WHERE key = 'kill_switch_status'`);
    },
    unlock(): void {
      store.db.exec(`UPDATE system_state SET value = '"NORMAL"' WHERE key = 'kill_switch_status'`);
    },
    close(): void {
      temp.close();
      dir.remove();
    },
  };
}
