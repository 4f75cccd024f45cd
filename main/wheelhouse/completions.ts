import { homedir } from 'node:os';
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type { Guard } from '../access/guard.ts';
import type { Clock } from '../base/clock.ts';
import { readTeamMap } from '../completions/activity.ts';
import { BotActivity } from '../completions/bot-activity.ts';
import { CompletionWatch } from '../completions/completion-watch.ts';
import { listenToFolder } from '../completions/folder-events.ts';
import { completionFolders, placeOf } from '../completions/folders.ts';
import { Completions } from '../completions/completions.ts';
import { RefusedFiles } from '../completions/refused-files.ts';
import type { Config } from '../config/schema.ts';
import { NoticeHistory } from '../notify/history.ts';
import type { Notifications } from '../notify/notifications.ts';
import type { Store } from '../store/store.ts';

export interface CompletionsRoomParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly notifications: Notifications;
  readonly dataDir: string;
  readonly config: Config['completions'];
  readonly report: (what: string, error: unknown) => void;
}

/** The completions room on a data directory; `watch` is started by whoever runs the core. */
export interface CompletionsRoom {
  readonly completions: Completions;
  readonly refusedFiles: RefusedFiles;
  readonly watch: CompletionWatch;
  readonly noticeHistory: NoticeHistory;
}

const KIB = 1024;

/** Puts the completions room together. */
export function openCompletions({ store, clock, guard, notifications, dataDir, config, report }: CompletionsRoomParts): CompletionsRoom {
  const completions = new Completions({
    store,
    clock,
    guard,
    notices: notifications,
    policy: { escalateAfterSec: config.escalate_after_sec, archiveAfterSec: config.archive_after_sec },
  });
  const refusedFiles = new RefusedFiles(store);
  const bots = botActivity(completions, { clock, dataDir, config, report });
  const watch = new CompletionWatch({
    store,
    clock,
    guard,
    completions,
    refusedFiles,
    listen: listenToFolder,
    folders: completionFolders(dataDir, homedir(), config.folders),
    rescanSec: config.rescan_sec,
    maxBytes: config.max_file_kb * KIB,
    reportOf: async (task) => reportOf(task, named(dataDir, config.reports_folder)),
    onLook: () => void bots?.check(),
    deliveredAmong: (ids) => notifications.deliveredAmong(ids),
    report,
  });
  return { completions, refusedFiles, watch, noticeHistory: new NoticeHistory(store) };
}

/** Null when nothing is named. */
function named(dataDir: string, path: string): string | null {
  return path === '' ? null : placeOf(dataDir, homedir(), path);
}

async function reportOf(task: string, folder: string | null): Promise<string | null> {
  if (folder === null) return null;
  const file = join(folder, `${task}.md`);
  // A folder of reports that is away means a completion without a report, not one that waits.
  return stat(file).then(
    (found) => (found.isFile() ? file : null),
    () => null,
  );
}

function botActivity(completions: Completions, { clock, dataDir, config, report }: Pick<CompletionsRoomParts, 'clock' | 'dataDir' | 'config' | 'report'>): BotActivity | null {
  const [activityFile, timersFile] = [named(dataDir, config.activity_file), named(dataDir, config.timers_file)];
  const teamOfBot = readTeamMap(config.bot_teams);
  if (activityFile === null || timersFile === null || teamOfBot.size === 0) return null;
  return new BotActivity({ clock, activityFile, timersFile, teamOfBot, openTasks: () => completions.rows.openTasks(), report });
}
