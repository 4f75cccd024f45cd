/** What the core wrote in English, in the language of the person. */
export type OwnWords = (text: string) => string;

interface Sentence {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly text: string;
}

const PLACEHOLDER = /\{(\w+)\}/g;
/** Hold what another program said, or words of ours again; all others are a name, a number or a path, and no sentence ends in them. */
const NESTED = new Set(['quote', 'more']);
const SENTENCE_END = /[.:] /g;
const ANYTHING = '([\\s\\S]+?)';
const ONE_WORD = '((?:(?!\\. )[\\s\\S])+?)';

/**
 * The core keeps and logs why something failed as English sentences. `catalogue` holds them with placeholders, each with its words
 * in one language; a text of several sentences is read one after the other. What is in none of them was said by an agent or
 * another program: it stays as it is, as a quotation.
 */
export function createOwnWords(catalogue: Readonly<Record<string, string>>): OwnWords {
  let sentences: readonly Sentence[] | null = null;
  const whole = (text: string): string | null => {
    sentences ??= Object.entries(catalogue).map(sentenceOf);
    for (const { pattern, names, text: words } of sentences) {
      const found = pattern.exec(text);
      if (found === null) continue;
      const values = new Map(names.map((name, index) => [name, found[index + 1]!]));
      return words.replace(PLACEHOLDER, (_, name: string) => (NESTED.has(name) ? own(values.get(name)!) : values.get(name)!));
    }
    return null;
  };
  const own: OwnWords = (text) => {
    const trimmed = text.trim();
    if (trimmed === '') return '';
    const all = whole(trimmed);
    if (all !== null) return all;
    for (const { index } of trimmed.matchAll(SENTENCE_END)) {
      const first = whole(trimmed.slice(0, index + 1));
      if (first !== null) return `${first} ${own(trimmed.slice(index + 2))}`;
    }
    return `“${trimmed}”`;
  };
  return own;
}

function sentenceOf([english, text]: readonly [string, string]): Sentence {
  const names = Array.from(english.matchAll(PLACEHOLDER), (match) => match[1]!);
  const parts = english.split(PLACEHOLDER).filter((_, index) => index % 2 === 0);
  const pattern = parts.map((part, index) => `${part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}${index === names.length ? '' : NESTED.has(names[index]!) ? ANYTHING : ONE_WORD}`).join('');
  return { pattern: new RegExp(`^${pattern}$`), names, text };
}
