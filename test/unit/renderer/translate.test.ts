import { describe, expect, it } from 'vitest';
import firstEn from '../../../resources/locales/en.json';
import firstKo from '../../../resources/locales/ko.json';
import pagesEn from '../../../resources/locales/pages-en.json';
import pagesKo from '../../../resources/locales/pages-ko.json';
import { createTranslator, flattenCatalogue, placeholdersOf } from '../../../renderer/i18n/translate.ts';
import { localeFor } from '../../../renderer/i18n/localised.tsx';

const en = { ...firstEn, ...pagesEn };
const ko = { ...firstKo, ...pagesKo };
const english = createTranslator('en', en);
const korean = createTranslator('ko', ko);

describe('the two catalogues', () => {
  const flat = { en: flattenCatalogue(en), ko: flattenCatalogue(ko) };

  it('have each section in one file', () => {
    expect(Object.keys(firstEn).filter((section) => Object.hasOwn(pagesEn, section))).toEqual([]);
  });

  it('have the same texts', () => {
    expect([...flat.ko.keys()].sort()).toEqual([...flat.en.keys()].sort());
  });

  it('fill the same placeholders', () => {
    const forms = (entry: string | { readonly one?: string; readonly other: string }) => (typeof entry === 'string' ? entry : entry.other);
    for (const [key, text] of flat.en) {
      expect([key, [...placeholdersOf(forms(flat.ko.get(key) ?? ''))].sort()]).toEqual([key, [...placeholdersOf(forms(text))].sort()]);
    }
  });

  it('leave no text empty and none in the wrong language', () => {
    const hangul = /\p{Script=Hangul}/u;
    for (const [key, text] of flat.en) {
      expect([key, JSON.stringify(text) === '""']).toEqual([key, false]);
      if (key !== 'settings.languages.ko') expect([key, hangul.test(JSON.stringify(text))]).toEqual([key, false]);
    }
  });

  it('never put a particle that depends on the sound before it behind a placeholder', () => {
    for (const [key, text] of flat.ko) expect([key, /\}(은|는|이|가|을|를|과|와|으로|로)(?![가-힣])/u.test(JSON.stringify(text))]).toEqual([key, false]);
  });
});

describe('t()', () => {
  it('fills placeholders and writes numbers as the language does', () => {
    expect(english.t('lock.summary', { held: 1_200, free: 3 })).toBe('1,200 held · 3 free');
  });

  it('chooses the plural by count', () => {
    expect(english.t('nav.unread', { count: 1 })).toBe('1 unread message');
    expect(english.t('nav.unread', { count: 2 })).toBe('2 unread messages');
    expect(korean.t('nav.unread', { count: 2 })).toBe('읽지 않은 메시지 2건');
  });

  it('leaves a placeholder in sight when its value is missing', () => {
    expect(english.t('task.label')).toBe('Task #{id}');
  });
});

describe('find()', () => {
  it('is null for an unknown path and for a text whose values are not all there', () => {
    expect(english.find('event.task.teleported', {})).toBeNull();
    expect(english.find('event.task.claimed', {})).toBeNull();
    expect(english.find('event.task.claimed', { id: '4' })).toBe('claimed #4');
  });
});

describe('the language', () => {
  it('is the chosen one, else the first of the platform that there is, else English', () => {
    expect(localeFor('ko', ['en-GB'])).toBe('ko');
    expect(localeFor('system', ['fr-FR', 'ko-KR', 'en'])).toBe('ko');
    expect(localeFor(undefined, ['EN-us'])).toBe('en');
    expect(localeFor('system', ['fr'])).toBe('en');
  });
});
