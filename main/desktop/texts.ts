import en from '../../resources/locales/shell-en.json' with { type: 'json' };
import ko from '../../resources/locales/shell-ko.json' with { type: 'json' };
import type { HealthProblem, Locale, UiSettings } from '../../preload/contract.ts';
import { ERRORS, type ErrorCode } from '../base/errors.ts';

/** Everything the shell says itself, in menus and native dialogs. */
export type TextKey = keyof typeof en;
type Entry = string | { readonly one?: string; readonly other: string };

/** Looks a text up; `{name}` is replaced by the parameter, a plural is chosen by `count`. */
export type Texts = (key: TextKey, params?: Readonly<Record<string, string | number>>) => string;

const TEXTS: Readonly<Record<Locale, Readonly<Record<TextKey, Entry>>>> = { en, ko };

/** The shell's texts in one language. */
export function textsIn(locale: Locale): Texts {
  const texts = TEXTS[locale];
  const plurals = new Intl.PluralRules(locale);
  const pluralForm = (entry: Exclude<Entry, string>, count: number): string =>
    plurals.select(count) === 'one' ? (entry.one ?? entry.other) : entry.other;
  const numbers = new Intl.NumberFormat(locale);
  return (key, params = {}) => {
    const entry = texts[key];
    return (typeof entry === 'string' ? entry : pluralForm(entry, Number(params['count']))).replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
      const value = params[name];
      return value === undefined ? whole : typeof value === 'number' ? numbers.format(value) : value;
    });
  };
}

/** The language to speak: the setting, or the first one the system prefers that there is a catalogue for. */
export function localeFor(language: UiSettings['language'], preferred: readonly string[]): Locale {
  if (language !== 'system') return language;
  for (const tag of preferred) {
    if (/^ko\b/i.test(tag)) return 'ko';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/** A problem as the person should read it: the core writes English, the error table knows the sentence in Korean. */
export function problemText(problem: HealthProblem, locale: Locale): string {
  if (locale === 'en' || !Object.hasOwn(ERRORS, problem.code)) return problem.message;
  return ERRORS[problem.code as ErrorCode][locale];
}
