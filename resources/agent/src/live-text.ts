const INTERNAL = /<internal>[^]*?<\/internal>/g;
const OPEN = '<internal>';
/** The ends of lines and sentences, with what follows them before the next one begins. */
const BREAK = /\n|[.!?…。！？:][)"'”’»*_`]*\s/g;
/** Eyes need no more, and each piece is a line of the log. */
const PAUSE_MS = 300;

/** A text of the model while it comes: handed on by whole lines and sentences, a few times a second, without what is internal. */
export class LiveText {
  #text = '';
  /** How much of what may be seen was handed on. */
  #shown = 0;
  #shownAt = -Infinity;

  /** Takes the next piece; returns what is to be shown now, empty for nothing. `now` in ms. */
  push(piece: string, now: number): string {
    this.#text += piece;
    if (now - this.#shownAt < PAUSE_MS) return '';
    const seen = withoutOpenEnd(visible(this.#text));
    const end = [...seen.slice(this.#shown).matchAll(BREAK)].at(-1);
    if (end === undefined) return '';
    const upTo = this.#shown + end.index + end[0].length;
    const said = seen.slice(this.#shown, upTo).trim();
    this.#shown = upTo;
    if (said !== '') this.#shownAt = now;
    return said;
  }

  /** Whether what came here in pieces is the beginning of this. */
  begins(whole: string): boolean {
    return whole.startsWith(this.#text);
  }

  /** What of the whole text was not shown yet. */
  rest(whole: string): string {
    return visible(whole).slice(this.#shown).trim();
  }
}

/** A whole text without what is internal. */
export function visible(text: string): string {
  return text.replace(INTERNAL, '');
}

/** Nobody knows yet whether what begins like something internal is it. */
function withoutOpenEnd(text: string): string {
  const open = text.indexOf(OPEN);
  if (open >= 0) return text.slice(0, open);
  const tag = text.lastIndexOf('<');
  return tag >= 0 && OPEN.startsWith(text.slice(tag)) ? text.slice(0, tag) : text;
}
