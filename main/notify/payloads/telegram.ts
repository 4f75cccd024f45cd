import type { Draft } from '../draft.ts';
import { cut, inUnits, linesThatFit } from '../fit.ts';
import type { Words } from '../words/words.ts';
import { fieldLines, itemLine, listHead } from './lines.ts';

/** Counted after parsing, in UTF-16 units (Bot API, sendMessage). */
const LIMIT = 4096;
const TITLE_LIMIT = 256;

/** The body of sendMessage. */
export interface TelegramPayload {
  readonly chat_id: string;
  readonly text: string;
  readonly parse_mode: 'HTML';
  readonly link_preview_options: { readonly is_disabled: true };
  readonly reply_markup?: { readonly inline_keyboard: readonly (readonly { readonly text: string; readonly url: string }[])[] };
}

/**
 * One notice, or a list of them. Buttons are `url` buttons only: nothing that a chat sends back decides anything (seed 004).
 * Texts are cut before they are escaped, so that no escape is split in two.
 */
export function telegramPayload(chatId: string, drafts: readonly Draft[], words: Words): TelegramPayload {
  const [first] = drafts;
  return {
    chat_id: chatId,
    text: drafts.length === 1 ? single(first!, words) : list(drafts, words),
    parse_mode: 'HTML',
    // A preview would let Telegram's servers open the link.
    link_preview_options: { is_disabled: true },
    ...(drafts.length === 1 && first!.link !== null && { reply_markup: { inline_keyboard: [[{ text: first!.link.label, url: first!.link.url }]] } }),
  };
}

/** How many of them, from the first, fit into one message. */
export function telegramCapacity(drafts: readonly Draft[], words: Words): number {
  return linesThatFit(listHead(drafts, words), drafts.map((draft) => itemLine(draft, words)), LIMIT, inUnits);
}

function single(draft: Draft, words: Words): string {
  const head = `${draft.icon} ${cut(draft.title, TITLE_LIMIT, inUnits)}`;
  const lines = fieldLines(draft, 'telegram', words);
  const body = cut(lines.map((line) => `\n${line}`).join(''), LIMIT - head.length, inUnits);
  return `${draft.icon} <b>${escapeHtml(head.slice(draft.icon.length + 1))}</b>${escapeHtml(body)}`;
}

function list(drafts: readonly Draft[], words: Words): string {
  const head = listHead(drafts, words);
  const body = cut(drafts.map((draft) => `\n${itemLine(draft, words)}`).join(''), LIMIT - head.length, inUnits);
  return `<b>${escapeHtml(head)}</b>${escapeHtml(body)}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
