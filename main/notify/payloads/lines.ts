import type { Draft } from '../draft.ts';
import { cut, inUnits } from '../fit.ts';
import type { NoticeChannel } from '../types.ts';
import type { Words } from '../words/words.ts';

/** A line of a list tells which one it was; the whole text stands in the window. */
const ITEM_LIMIT = 200;

/** The lines below the title of one notice: fields, a longer text, and whether it may be a repeat. */
export function fieldLines(draft: Draft, channel: NoticeChannel, words: Words): readonly string[] {
  const fields = draft.fields.filter(({ on }) => on === undefined || on.includes(channel));
  return [
    ...fields.map(({ label, value }) => `${label}: ${oneLine(value)}`),
    ...(draft.body === undefined ? [] : [draft.body.trim()]),
    ...(draft.mayRepeat ? [`(${words.mayRepeat})`] : []),
  ];
}

/** The first line of a list. */
export function listHead(drafts: readonly Draft[], words: Words): string {
  const allDone = drafts.every(({ type }) => type === 'COMPLETION_DONE');
  return `${allDone ? '✅' : '🔔'} ${words.list(drafts.length, allDone)}`;
}

/** One notice as a line of a list. */
export function itemLine(draft: Draft, words: Words): string {
  const text = cut(`- ${draft.icon} ${oneLine(draft.title)}: ${oneLine(draft.summary)}`, ITEM_LIMIT, inUnits);
  return draft.mayRepeat ? `${text} (${words.mayRepeat})` : text;
}

/** Line ends in names of tasks and files must not pose as further lines. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
