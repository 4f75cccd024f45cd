import type { NoticeContexts } from './notices.ts';
import { NOTICE_TABLE } from './notice-table.ts';
import type { NoticeAction, NoticeChannel, NoticeType, Severity } from './types.ts';
import type { Words } from './words/words.ts';

/** One labelled line; `on`: only where it is shown. */
export interface Field {
  readonly label: string;
  readonly value: string;
  readonly on?: readonly NoticeChannel[];
}

/** What a template says about one notice in one language, before a channel gives it its form. Nothing is escaped. */
export interface NoticeText {
  readonly title: string;
  /** The essence in one line: for lists, ntfy and the desktop. */
  readonly summary: string;
  readonly fields: readonly Field[];
  /** A longer text, as the summary of a completion. */
  readonly body?: string;
}

/** A notice ready to be given the form of a channel. */
export interface Draft extends NoticeText {
  readonly type: NoticeType;
  readonly severity: Severity;
  readonly icon: string;
  readonly tags: readonly string[];
  /** The page of the window that shows more. */
  readonly page: string;
  readonly actions: readonly NoticeAction[];
  /** Opens in a browser; its address holds a secret. */
  readonly link: { readonly label: string; readonly url: string } | null;
  /** A process died, or the answer never came, after it may have been sent before. */
  readonly mayRepeat: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A notice as it is stored. */
export interface StoredNotice<T extends NoticeType = NoticeType> {
  readonly id: number;
  readonly type: T;
  readonly context: NoticeContexts[T];
  readonly createdAt: string;
}

const ICONS: Readonly<Record<Severity, string>> = { info: 'ℹ️', warning: '⚠️', critical: '🚨' };

/** `rejectUrl`: where the person can say no; null when there is nothing to say no to. */
export function draftOf(notice: StoredNotice, words: Words, mayRepeat: boolean, rejectUrl: string | null): Draft {
  const row = NOTICE_TABLE[notice.type];
  const asked = hasRejectButton(notice);
  return {
    ...words.textOf(notice),
    type: notice.type,
    severity: row.severity,
    icon: row.icon ?? ICONS[row.severity],
    tags: row.tags,
    page: pageOf(notice),
    actions: asked ? ['keep', 'reject'] : notice.type === 'COMPLETION_DONE' || notice.type === 'COMPLETION_ESCALATED' ? ['ack'] : [],
    link: asked && rejectUrl !== null ? { label: words.reject, url: rejectUrl } : null,
    mayRepeat,
    createdAt: notice.createdAt,
  };
}

/** Only with the flag of its context: without a verified owner there is nobody who could say no (seed 004). */
export function hasRejectButton(notice: Pick<StoredNotice, 'type' | 'context'>): boolean {
  return notice.type === 'SESSION_RENEWED' && (notice.context as NoticeContexts['SESSION_RENEWED']).rejectButton;
}

/** Whether it may stand in a list with others: not what is critical, and not what has a button of its own. */
export function joinsLists(notice: Pick<StoredNotice, 'type' | 'context'>): boolean {
  return NOTICE_TABLE[notice.type].severity !== 'critical' && !hasRejectButton(notice) && notice.type !== 'TEST';
}

function pageOf(notice: StoredNotice): string {
  if (hasRejectButton(notice)) return 'approvals';
  if (notice.type === 'APPROVAL_REQUESTED') return (notice.context as NoticeContexts['APPROVAL_REQUESTED']).page;
  return NOTICE_TABLE[notice.type].page;
}
