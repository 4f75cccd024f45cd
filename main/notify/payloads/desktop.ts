import type { Draft } from '../draft.ts';
import { cut, inUnits } from '../fit.ts';
import type { NoticeAction, Severity } from '../types.ts';
import type { Words } from '../words/words.ts';
import { itemLine, oneLine } from './lines.ts';

/** Desktops show two to four lines and cut the rest; this keeps it an essence. */
const TITLE_LIMIT = 80;
const BODY_LIMIT = 240;
const LIST_LINES = 4;

/** What appears on the desktop. */
export interface DesktopPayload {
  /** The notices that it tells. */
  readonly noticeIds: readonly number[];
  readonly title: string;
  readonly body: string;
  readonly severity: Severity;
  /** Buttons, for one notice alone. A click beside them opens `page`. */
  readonly actions: readonly { readonly action: NoticeAction; readonly label: string }[];
  readonly page: string;
}

/** One notice, or any number of them as a list of which the first lines are shown. */
export function desktopPayload(noticeIds: readonly number[], drafts: readonly Draft[], words: Words): DesktopPayload {
  const first = drafts[0]!;
  if (drafts.length === 1) {
    const body = first.mayRepeat ? `${first.summary} (${words.mayRepeat})` : first.summary;
    return {
      noticeIds,
      title: cut(oneLine(first.title), TITLE_LIMIT, inUnits),
      body: cut(oneLine(body), BODY_LIMIT, inUnits),
      severity: first.severity,
      actions: first.actions.map((action) => ({ action, label: words.actions[action] })),
      page: first.page,
    };
  }
  const allDone = drafts.every(({ type }) => type === 'COMPLETION_DONE');
  const shown = drafts.length > LIST_LINES ? LIST_LINES - 1 : drafts.length;
  const lines = drafts.slice(0, shown).map((draft) => cut(itemLine(draft, words), TITLE_LIMIT, inUnits));
  return {
    noticeIds,
    title: words.list(drafts.length, allDone),
    body: [...lines, ...(shown < drafts.length ? [words.more(drafts.length - shown)] : [])].join('\n'),
    severity: drafts.some(({ severity }) => severity !== 'info') ? 'warning' : 'info',
    actions: [],
    page: allDone ? 'completions' : 'notifications',
  };
}
