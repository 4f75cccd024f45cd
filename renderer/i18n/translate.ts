import type en from '../../resources/locales/en.json';
import type pages from '../../resources/locales/pages-en.json';
import type { OwnWords } from './own-words.ts';

/** A text that differs by number; chosen by the parameter `count`. */
interface Plural {
  readonly one?: string;
  readonly other: string;
}
/** A catalogue file: sections of texts, any depth. Placeholders are written `{name}`. */
export interface Catalogue {
  readonly [key: string]: string | Plural | Catalogue;
}

type KeysOf<T> = {
  [K in keyof T & string]: T[K] extends string | Plural ? K : T[K] extends object ? `${K}.${KeysOf<T[K]>}` : never;
}[keyof T & string];
/** Every text there is, by its path in en.json or pages-en.json. */
export type TextKey = KeysOf<typeof en> | KeysOf<typeof pages>;
export type Params = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, params?: Params) => string;

const isPlural = (entry: string | Plural | Catalogue): entry is Plural => typeof entry === 'object' && typeof entry['other'] === 'string';

/** All texts by path; a plural is one entry. */
export function flattenCatalogue(catalogue: Catalogue, prefix = ''): ReadonlyMap<string, string | Plural> {
  const flat = new Map<string, string | Plural>();
  for (const [key, entry] of Object.entries(catalogue)) {
    if (typeof entry === 'string' || isPlural(entry)) flat.set(prefix + key, entry);
    else for (const [path, text] of flattenCatalogue(entry, `${prefix}${key}.`)) flat.set(path, text);
  }
  return flat;
}

const PLACEHOLDER = /\{(\w+)\}/g;

/** The names between braces, in order of first use. */
export const placeholdersOf = (text: string): readonly string[] => [...new Set(Array.from(text.matchAll(PLACEHOLDER), (match) => match[1] ?? ''))];

/** The entries of a record that a text can hold. */
export const scalarsOf = (record: Readonly<Record<string, unknown>>): Params =>
  Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number'),
  );

/** A translator over one catalogue: `t('board.title')`. Numbers are written the way of the language. */
export interface Translator {
  readonly locale: string;
  readonly t: Translate;
  /** The text under a path that is only known at run time; null when there is none or a placeholder has no value. */
  readonly find: (path: string, params: Params) => string | null;
  /** What the core wrote in English, as why something failed. */
  readonly own: OwnWords;
}

const asItIs: OwnWords = (text) => text;

/** `own`: puts the English sentences of the core into this language. */
export function createTranslator(locale: string, catalogue: Catalogue, own: OwnWords = asItIs): Translator {
  const texts = flattenCatalogue(catalogue);
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const choose = (entry: string | Plural, params: Params): string => {
    if (typeof entry === 'string') return entry;
    return plurals.select(Number(params['count'] ?? 0)) === 'one' ? (entry.one ?? entry.other) : entry.other;
  };
  const fill = (text: string, params: Params): string =>
    text.replace(PLACEHOLDER, (whole, name: string) => {
      const value = params[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  return {
    locale,
    own,
    t(key, params = {}) {
      const entry = texts.get(key);
      return entry === undefined ? key : fill(choose(entry, params), params);
    },
    find(path, params) {
      const entry = texts.get(path);
      if (entry === undefined) return null;
      const text = choose(entry, params);
      return placeholdersOf(text).every((name) => params[name] !== undefined) ? fill(text, params) : null;
    },
  };
}
