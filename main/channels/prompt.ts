import type { ChatMessage } from './types.ts';

/** Characters that XML 1.0 cannot hold, not even escaped, and lone halves of surrogate pairs. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it may stand inside an element or a double-quoted attribute. */
export function escapeXml(text: string): string {
  return text.replaceAll(FORBIDDEN, '�').replaceAll(/[&<>"]/g, (char) => ESCAPES[char]!);
}

/** An attribute stands on one line. */
const attribute = (text: string): string => escapeXml(text).replaceAll(/[\t\n\r]+/g, ' ');

/** `2026-11-25T16:03:09+09:00`: the clock on the wall of `zone`, and how far that is from UTC. */
export function localTime(ms: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? '';
  const offset = part('timeZoneName').replace('GMT', '') || '+00:00';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}${offset}`;
}

/** What of a message the agent reads. */
export type PromptMessage = Pick<ChatMessage, 'senderName' | 'sentAt' | 'content'>;

/**
 * The messages as the agent reads them (docs/channels.md, "What the agent reads"). `omitted` is how many older ones did
 * not fit any more.
 */
export function formatMessages(messages: readonly PromptMessage[], zone: string, omitted = 0): string {
  const lines = messages.map(
    ({ senderName, sentAt, content }) => `<message sender="${attribute(senderName)}" time="${localTime(sentAt, zone)}">${escapeXml(content)}</message>`,
  );
  const head = omitted === 0 ? '<messages>' : `<messages omitted="${omitted}">`;
  return [head, ...lines, '</messages>'].join('\n');
}
