const CLOSED = /<internal(?:\s[^<>]*)?>[\s\S]*?<\/internal\s*>/giu;
/** What was opened and never closed is internal to its end: an agent that was cut off must not give itself away. */
const UNCLOSED = /<internal(?:\s[^<>]*)?>[\s\S]*$/iu;

/** The text without what the agent says to itself, for every way out (ROUTER-01). Empty: nothing is to be sent. */
export function stripInternal(text: string): string {
  return text.replaceAll(CLOSED, '').replace(UNCLOSED, '').trim();
}

/** Where a text may be cut, best first: between paragraphs, lines, sentences, words. */
const BREAKS = [/\n\s*\n/gu, /\n/gu, /[.!?。！？…]["'”’)\]]*\s/gu, /\s/gu];
/** A cut this early would leave a message with next to nothing in it. */
const EARLIEST = 0.4;

/**
 * Cuts a text into parts of at most `limit` UTF-16 units, which is how the networks count, at the best place there is, and
 * never within a character.
 */
export function splitText(text: string, limit: number): readonly string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > limit) {
    const at = cutAt(rest, limit);
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  if (rest !== '') parts.push(rest);
  return parts.filter((part) => part !== '');
}

function cutAt(text: string, limit: number): number {
  const window = text.slice(0, limit + 1);
  for (const pattern of BREAKS) {
    const ends = [...window.matchAll(pattern)].map((match) => match.index + match[0].length).filter((end) => end <= limit);
    const last = ends.at(-1);
    if (last !== undefined && last >= limit * EARLIEST) return last;
  }
  return lastWholeCharacter(window, limit);
}

/** The end of the last character, as people see them, that ends within `limit`; emoji and accents stay whole. */
function lastWholeCharacter(window: string, limit: number): number {
  // Only the end matters, and segmenting thousands of characters for it would be slow.
  const from = Math.max(0, limit - 64);
  const start = isLowSurrogate(window.charCodeAt(from)) ? from + 1 : from;
  let end = start;
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(window.slice(start))) {
    if (start + index + segment.length > limit) break;
    end = start + index + segment.length;
  }
  if (end > start) return end;
  return isLowSurrogate(window.charCodeAt(limit)) ? limit - 1 : limit;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
