/**
 * How text becomes searchable. Korean, whose endings hide the word, and scripts written without spaces are cut into
 * overlapping pairs: a trigram index finds nothing under three characters, and two is the usual length of a Korean word
 * (DESIGN §7). Everything else is whole words, found by their beginning.
 */

/** A run of Hangul, Han or Kana. */
const SYLLABLES = /[[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]&&[\p{L}\p{N}\p{M}]]+/gv;
/** Such a run, or a run of other letters and digits with their marks. */
const RUNS =
  /([[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]&&[\p{L}\p{N}\p{M}]]+)|[[\p{L}\p{N}\p{M}]--[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]]+/gv;

/** Pairs, and the last syllable alone, so that every syllable begins exactly one token. */
function pairs(run: string): readonly string[] {
  const syllables = [...run];
  return syllables.map((syllable, at) => syllable + (syllables[at + 1] ?? ''));
}

/** What the index is given for `text`: its syllables as pairs, everything else for the index to split at punctuation. */
export function searchableText(text: string): string {
  return text.normalize('NFC').replace(SYLLABLES, (run) => ` ${pairs(run).join(' ')} `);
}

/**
 * The FTS5 expression for what somebody typed: every part between spaces must occur, its last token as a prefix. Only
 * letters, digits and marks get through, so operators and quotes are inert. Null when nothing of it can be searched.
 */
export function searchExpression(typed: string): string | null {
  const phrases = new Set<string>();
  for (const part of typed.normalize('NFC').toLowerCase().split(/\s+/u)) {
    const runs = [...part.matchAll(RUNS)].map(([run, syllables]) => (syllables === undefined ? [run] : pairs(run)));
    const last = runs.pop();
    if (last === undefined) continue;
    // In the text the last run may go on, and then its last syllable does not stand alone there.
    const open = last.length > 1 ? last.slice(0, -1) : last;
    phrases.add(`"${[...runs.flat(), ...open].join(' ')}"*`);
  }
  return phrases.size === 0 ? null : [...phrases].join(' AND ');
}
