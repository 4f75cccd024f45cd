import type { Draft } from '../draft.ts';
import { cut, inBytes, linesThatFit } from '../fit.ts';
import type { Severity } from '../types.ts';
import type { Words } from '../words/words.ts';
import { fieldLines, itemLine } from './lines.ts';

/** In bytes: a longer message becomes an attachment, a longer title is refused (ntfy limits). */
const MESSAGE_LIMIT = 4096;
const TITLE_LIMIT = 250;
const PRIORITIES: Readonly<Record<Severity, number>> = { info: 3, warning: 4, critical: 5 };

/** The body of a publication to the root of the server: titles of any script, which a header could not carry. */
export interface NtfyPayload {
  readonly topic: string;
  readonly title: string;
  readonly message: string;
  readonly priority: number;
  readonly tags: readonly string[];
  /** `view` opens a page; an `http` action would act on a tap. */
  readonly actions?: readonly [{ readonly action: 'view'; readonly label: string; readonly url: string }];
}

/** One notice, or a list of them. */
export function ntfyPayload(topic: string, drafts: readonly Draft[], words: Words): NtfyPayload {
  const first = drafts[0]!;
  const alone = drafts.length === 1;
  return {
    topic,
    title: cut(alone ? first.title : words.list(drafts.length, drafts.every(({ type }) => type === 'COMPLETION_DONE')), TITLE_LIMIT, inBytes),
    message: cut(alone ? message(first, words) : drafts.map((draft) => itemLine(draft, words)).join('\n'), MESSAGE_LIMIT, inBytes),
    priority: Math.max(...drafts.map(({ severity }) => PRIORITIES[severity])),
    tags: alone ? first.tags : [...new Set(drafts.flatMap(({ tags }) => tags))].slice(0, 5),
    ...(alone && first.link !== null && { actions: [{ action: 'view', label: first.link.label, url: first.link.url }] as const }),
  };
}

/** How many of them, from the first, fit into one message. */
export function ntfyCapacity(drafts: readonly Draft[], words: Words): number {
  return linesThatFit('', drafts.map((draft) => itemLine(draft, words)), MESSAGE_LIMIT, inBytes);
}

/** A renewal says as little as seed 004 asks for; everything else as much as there is. */
function message(draft: Draft, words: Words): string {
  const repeat = draft.mayRepeat ? `\n(${words.mayRepeat})` : '';
  if (draft.type === 'SESSION_RENEWED') return draft.summary + repeat;
  const lines = fieldLines(draft, 'ntfy', words);
  return lines.length === 0 ? draft.summary : lines.join('\n');
}
