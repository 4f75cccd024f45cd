/**
 * How text becomes searchable. Korean, whose endings hide the word, and scripts written without spaces are cut into
 * overlapping pairs: a trigram index finds nothing under three characters, and two is the usual length of a Korean word
 * (DESIGN §7). Everything else is whole words, found by their beginning.
 */

/** A run of Hangul, Han or Kana, or a run of other letters and digits with their marks. */
const RUN =
  /[[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]&&[\p{L}\p{N}\p{M}]]+|[[\p{L}\p{N}\p{M}]--[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]]+/gv;
const SYLLABIC = /^[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]/v;

function runsOf(text: string): readonly string[] {
  return text.normalize('NFC').toLowerCase().match(RUN) ?? [];
}

/** Pairs, and the last syllable alone, so that every syllable begins exactly one token. */
function tokensOf(run: string): readonly string[] {
  if (!SYLLABIC.test(run)) return [run];
  const syllables = [...run];
  return syllables.map((syllable, at) => syllable + (syllables[at + 1] ?? ''));
}

/** What the index stores for `text`: its tokens in order, separated by spaces. */
export function searchTokens(text: string): string {
  return runsOf(text).flatMap(tokensOf).join(' ');
}

/**
 * The FTS5 expression for what somebody typed: every part between spaces must occur, its last token as a prefix. Only
 * letters, digits and marks get through, so operators and quotes are inert. Null when nothing of it can be searched.
 */
export function searchExpression(typed: string): string | null {
  const phrases = new Set<string>();
  for (const part of typed.split(/\s+/u)) {
    const tokens = runsOf(part).map(tokensOf);
    const last = tokens.pop();
    if (last === undefined) continue;
    // In the text the last run may go on, and then its last syllable does not stand alone there.
    const open = last.length > 1 ? last.slice(0, -1) : last;
    phrases.add(`"${[...tokens.flat(), ...open].join(' ')}"*`);
  }
  return phrases.size === 0 ? null : [...phrases].join(' AND ');
}
