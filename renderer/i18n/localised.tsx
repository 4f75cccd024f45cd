import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Locale } from '../../preload/contract.ts';
import { loadPart } from '../load-part.ts';
import { LanguageContext, useMirror, type Language } from '../services.tsx';
import { createFormats } from './format.ts';
import type { OwnWords } from './own-words.ts';
import { createTranslator, type Catalogue } from './translate.ts';

/** The language to use: the person's choice, else the first of the platform's languages that there is. Pure. */
export function localeFor(choice: 'system' | Locale | undefined, preferred: readonly string[]): Locale {
  if (choice === 'en' || choice === 'ko') return choice;
  for (const language of preferred) {
    const base = language.toLowerCase().split('-')[0];
    if (base === 'en' || base === 'ko') return base;
  }
  return 'en';
}

/** Each catalogue is a chunk of its own: a window loads the one it shows. */
const CATALOGUES: Record<Locale, () => Promise<Catalogue>> = {
  en: async () => (await import('../../resources/locales/en.json')).default,
  ko: async () => (await import('../../resources/locales/ko.json')).default,
};

/** The texts of pages that are seldom the first one; loaded behind the others, so that the first window is there sooner. */
const PAGE_CATALOGUES: Record<Locale, () => Promise<Catalogue>> = {
  en: async () => (await import('../../resources/locales/pages-en.json')).default,
  ko: async () => (await import('../../resources/locales/pages-ko.json')).default,
};

/** What the core says in English, in the other languages; needed where something went wrong, so it comes behind as well. */
const OWN_WORDS: Record<Locale, () => Promise<OwnWords | undefined>> = {
  en: async () => undefined,
  ko: async () => {
    const [{ createOwnWords }, words] = await Promise.all([import('./own-words.ts'), import('../../resources/locales/own-words-ko.json')]);
    return createOwnWords(words.default);
  },
};

/** Shows its children in the chosen language, and again in the other one as soon as it is chosen. */
export function Localised({ children }: { readonly children: ReactNode }) {
  const choice = useMirror((mirror) => mirror.snapshot?.settings.language);
  const locale = localeFor(choice, navigator.languages);
  const [language, setLanguage] = useState<Language | null>(null);
  const shownWhole = useRef(false);
  useEffect(() => {
    let wanted = true;
    const show = (catalogue: Catalogue, own: OwnWords | undefined, complete: boolean): void => {
      if (!wanted) return;
      document.documentElement.lang = locale;
      const translator = createTranslator(locale, catalogue, own);
      setLanguage({ ...translator, format: createFormats(locale, translator.t), complete });
    };
    const load = async (): Promise<void> => {
      const first = await loadPart(CATALOGUES[locale]);
      // A page that is open when the language changes stays, with what was typed into it.
      if (!shownWhole.current) show(first, undefined, false);
      const [pages, own] = await Promise.all([loadPart(PAGE_CATALOGUES[locale]), loadPart(OWN_WORDS[locale])]);
      show({ ...first, ...pages }, own, true);
      shownWhole.current = true;
    };
    void load();
    return () => {
      wanted = false;
    };
  }, [locale]);
  return language === null ? null : <LanguageContext value={language}>{children}</LanguageContext>;
}
