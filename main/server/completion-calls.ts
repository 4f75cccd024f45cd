import { z } from 'zod';
import { iso } from '../base/clock.ts';
import { COMPLETION_FILTERS, type Completion } from '../completions/completion-rows.ts';
import type { CompletionWatch } from '../completions/completion-watch.ts';
import type { Completions } from '../completions/completions.ts';
import { printable } from '../completions/names.ts';
import type { RefusedFiles } from '../completions/refused-files.ts';
import { readReport } from '../completions/report-file.ts';
import type { NoticeHistory } from '../notify/history.ts';
import type { CompletionDetail, CompletionFolders, CompletionView } from '../../preload/contract.ts';
import type { CallDefinitions } from './calls.ts';
import { integer, oneOf, text } from './input-fields.ts';

export interface CompletionCallParts {
  readonly completions: Completions;
  readonly refusedFiles: RefusedFiles;
  readonly watch: CompletionWatch;
  readonly noticeHistory: NoticeHistory;
}

type CompletionCallName = Extract<keyof CallDefinitions, `completions.${string}`>;

const DEFAULT_PAGE = 100;
const REFUSED_SHOWN = 200;
/** As much of a report as somebody reads in a pane. */
const REPORT_BYTES = 256 * 1024;

const LIST = z.strictObject({
  which: oneOf('which', COMPLETION_FILTERS).optional(),
  team: text('team', 60).optional(),
  task: text('task', 200).optional(),
  before_id: integer('before_id', 1, Number.MAX_SAFE_INTEGER).optional(),
  limit: integer('limit', 1, 500).default(DEFAULT_PAGE),
});
const ONE = z.strictObject({ completion_id: integer('completion_id', 1, Number.MAX_SAFE_INTEGER) });
const LOOK = z.strictObject({ folder: text('folder', 4096), task: text('task', 200) });
const NOTHING = z.strictObject({});

/** What the person sees of completions and does about them, through windows and the command line. */
export function completionCalls(parts: CompletionCallParts): Pick<CallDefinitions, CompletionCallName> {
  const { completions, watch } = parts;
  const view = (completion: Completion): CompletionView => completionView(completions, completion);
  return {
    'completions.list': {
      by: 'window',
      args: LIST,
      run: ({ which, team, task, before_id, limit = DEFAULT_PAGE }) => {
        const found = completions.list({ which, team, task, beforeId: before_id, limit: limit + 1 });
        return { completions: found.slice(0, limit).map(view), has_more: found.length > limit };
      },
    },
    'completions.get': { by: 'window', args: ONE, run: ({ completion_id }) => detailOf(parts, completion_id) },
    'completions.report': { by: 'window', args: ONE, run: async ({ completion_id }) => readReport(completions.get(completion_id), REPORT_BYTES) },
    'completions.ack': {
      by: 'window',
      args: ONE,
      run: async ({ completion_id }) => {
        const acked = completions.ack(completion_id, 'person');
        await watch.mark(acked);
        return { completion: view(acked) };
      },
    },
    'completions.resend': { by: 'window', args: ONE, run: ({ completion_id }) => ({ completion: view(completions.resend(completion_id)) }) },
    'completions.folders': { by: 'cli', args: NOTHING, run: () => completionFolders(parts) },
    'completions.look': {
      by: 'cli',
      args: LOOK,
      run: async ({ folder, task }) => {
        await watch.look(folder, task);
        const found = completions.rows.live(folder, task);
        return { completion: found === null ? null : view(found) };
      },
    },
  };
}

/** A completion as windows and the command line see it. */
export function completionView(completions: Completions, completion: Completion): CompletionView {
  const { id, folder, task, times, team, summary, report, state, ackedBy, supersededBy } = completion;
  const at = (ms: number | null): string | null => (ms === null ? null : iso(ms));
  return {
    id,
    folder,
    task,
    times,
    team,
    summary,
    report,
    state,
    ackedBy,
    supersededBy,
    finishedAt: iso(completion.finishedAt),
    seenAt: iso(completion.seenAt),
    notifiedAt: at(completion.notifiedAt),
    escalatedAt: at(completion.escalatedAt),
    escalatesAt: at(completions.escalatesAt(completion)),
    ackedAt: at(completion.ackedAt),
    archivedAt: at(completion.archivedAt),
  };
}

/** The watched folders and what is refused in them. */
export function completionFolders({ refusedFiles, watch }: Pick<CompletionCallParts, 'refusedFiles' | 'watch'>): CompletionFolders {
  return {
    folders: watch.states(),
    refused: refusedFiles.list(REFUSED_SHOWN).map(({ folder, name, why, seenAt }) => ({ folder, name: printable(name), why, seenAt: iso(seenAt) })),
  };
}

function detailOf({ completions, noticeHistory }: CompletionCallParts, id: number): CompletionDetail {
  const completion = completions.get(id);
  // Notices are forgotten sooner than completions.
  const notices = noticeHistory.among(completions.noticesOf(id)).map((notice) => ({
    id: notice.id,
    escalation: notice.type === 'COMPLETION_ESCALATED',
    createdAt: notice.createdAt,
    state: notice.state,
    reason: notice.reason,
    deliveredAt: notice.deliveredAt,
    attempts: noticeHistory.attempts(notice.id),
  }));
  return { completion: completionView(completions, completion), notices };
}
