/** How much a text takes of a limit: characters of UTF-16, or bytes, before or after escaping. Grows with the text. */
export type Measure = (text: string) => number;

/** UTF-16 units, as Telegram and Discord count. */
export const inUnits: Measure = (text) => text.length;
/** Bytes of UTF-8, as ntfy counts: a Korean syllable takes three. */
export const inBytes: Measure = (text) => Buffer.byteLength(text, 'utf-8');

const ELLIPSIS = '…';

/** The longest beginning that fits, with an ellipsis when something is missing. Never splits a character in two. */
export function cut(text: string, limit: number, measure: Measure): string {
  if (measure(text) <= limit) return text;
  const characters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(beginning(text, limit))].map(({ segment }) => segment);
  let fits = 0;
  let tooMuch = characters.length + 1;
  while (tooMuch - fits > 1) {
    const middle = (fits + tooMuch) >> 1;
    if (measure(characters.slice(0, middle).join('') + ELLIPSIS) <= limit) fits = middle;
    else tooMuch = middle;
  }
  return fits === 0 ? '' : characters.slice(0, fits).join('') + ELLIPSIS;
}

/** Nothing measures less than its UTF-16 units, so nothing beyond this can fit; a huge text costs no more than a long one. */
function beginning(text: string, limit: number): string {
  return text.slice(0, limit + 1);
}

/** How many of the lines fit below `head`, each on a line of its own. At least one: a line alone is cut. */
export function linesThatFit(head: string, lines: readonly string[], limit: number, measure: Measure): number {
  let taken = measure(head);
  const full = lines.findIndex((line) => {
    taken += measure(`\n${line}`);
    return taken > limit;
  });
  return full === -1 ? lines.length : Math.max(1, full);
}
