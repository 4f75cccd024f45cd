import type { NoticeText, StoredNotice } from '../draft.ts';
import type { NoticeContexts } from '../notices.ts';
import type { NoticeAction, NoticeType } from '../types.ts';
import { EN } from './en.ts';
import { KO } from './ko.ts';

export type NoticeLocale = 'en' | 'ko';

/** Says a time so that a person reads it, in their zone. Takes ISO 8601. */
export type SayTime = (at: string) => string;

/** Everything that is said in one language. */
export interface Catalogue {
  readonly locale: NoticeLocale;
  /** One template per type. */
  readonly notices: { readonly [T in NoticeType]: (context: NoticeContexts[T], time: SayTime) => NoticeText };
  readonly actions: Readonly<Record<NoticeAction, string>>;
  readonly mayRepeat: string;
  /** The title of a list; `allDone`: it holds completions and nothing else. */
  readonly list: (count: number, allDone: boolean) => string;
  readonly more: (count: number) => string;
}

/** The texts of notices in one language and time zone. */
export interface Words {
  readonly textOf: (notice: Pick<StoredNotice, 'type' | 'context'>) => NoticeText;
  readonly reject: string;
  readonly actions: Catalogue['actions'];
  readonly mayRepeat: string;
  readonly list: Catalogue['list'];
  readonly more: Catalogue['more'];
}

const CATALOGUES: Readonly<Record<NoticeLocale, Catalogue>> = { en: EN, ko: KO };

/** `timeZone` is an IANA name; that of the machine when absent. */
export function wordsIn(locale: NoticeLocale, timeZone?: string): Words {
  const catalogue = CATALOGUES[locale];
  const format = new Intl.DateTimeFormat(locale === 'ko' ? 'ko-KR' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short', ...(timeZone !== undefined && { timeZone }) });
  const time: SayTime = (at) => format.format(new Date(at));
  return {
    textOf: ({ type, context }) => (catalogue.notices[type] as (context: unknown, time: SayTime) => NoticeText)(context, time),
    reject: catalogue.actions.reject,
    actions: catalogue.actions,
    mayRepeat: catalogue.mayRepeat,
    list: catalogue.list,
    more: catalogue.more,
  };
}
