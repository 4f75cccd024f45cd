import type { RejectLink } from '../access/renewals.ts';
import type { Session } from '../access/session-rows.ts';
import { escapeHtml, htmlPage, pageLanguage, type PageLanguage } from './html-page.ts';

/** What the page has to say. `ask` is the only one with a button. */
export type RejectPageState = 'ask' | 'rejected' | 'revoked' | 'expired' | 'locked' | 'gone' | 'wrong link';

interface Words {
  readonly title: string;
  readonly text: string;
}

const WORDS: Readonly<Record<PageLanguage, Readonly<Record<RejectPageState, Words>>>> = {
  en: {
    ask: {
      title: 'Reject this renewal?',
      text: 'Rejecting ends the session at once, and the agent cannot act until it gets a new one. As long as you only look at this page, nothing changes.',
    },
    rejected: { title: 'Renewal rejected', text: 'The session was ended. Its token does not work any more.' },
    revoked: { title: 'Already ended', text: 'This session was ended before. There is nothing left to reject.' },
    expired: { title: 'Already over', text: 'This session has run out by itself. There is nothing left to reject.' },
    locked: { title: 'The kill switch is on', text: 'Every session was ended when it was pulled. There is nothing left to reject.' },
    gone: { title: 'Session not found', text: 'There is no such session here. It may have ended long ago.' },
    'wrong link': {
      title: 'This link does not fit',
      text: 'It does not belong to a renewal of this session. It may have been cut off on the way. You can end a session in the windows of Wheelhouse at any time.',
    },
  },
  ko: {
    ask: {
      title: '이 갱신을 거부할까요?',
      text: '거부하면 세션이 즉시 종료되고, 에이전트는 새 세션을 받을 때까지 동작할 수 없습니다. 이 페이지를 보기만 하면 아무것도 바뀌지 않습니다.',
    },
    rejected: { title: '갱신을 거부했습니다', text: '세션이 종료되었습니다. 토큰은 더 이상 사용할 수 없습니다.' },
    revoked: { title: '이미 종료됨', text: '이 세션은 이미 종료되었습니다. 거부할 것이 없습니다.' },
    expired: { title: '이미 만료됨', text: '이 세션은 이미 만료되었습니다. 거부할 것이 없습니다.' },
    locked: { title: '킬 스위치가 켜져 있습니다', text: '킬 스위치가 켜질 때 모든 세션이 종료되었습니다. 거부할 것이 없습니다.' },
    gone: { title: '세션을 찾을 수 없음', text: '해당 세션이 없습니다. 오래전에 종료되었을 수 있습니다.' },
    'wrong link': {
      title: '링크가 맞지 않습니다',
      text: '이 세션의 갱신에 속하지 않는 링크입니다. 전달 중에 잘렸을 수 있습니다. 세션은 Wheelhouse 창에서 언제든지 종료할 수 있습니다.',
    },
  },
};
const LABELS = {
  en: { agent: 'Agent', renewal: 'Renewal', ends: 'Token ends', ended: 'Ended', button: 'Reject and end the session', never: 'never', other: '한국어' },
  ko: { agent: '에이전트', renewal: '갱신 횟수', ends: '토큰 만료', ended: '종료', button: '거부하고 세션 종료', never: '만료 없음', other: 'English' },
} as const;
const STATUS: Partial<Readonly<Record<RejectPageState, number>>> = { gone: 404, 'wrong link': 403 };

/** The page on which an owner rejects a renewal (waiaas.md §8), in the language of the browser or of the switch on it. */
export function rejectPage(state: RejectPageState, link: RejectLink | null, request: Request): Response {
  const language = pageLanguage(request);
  const { title, text } = WORDS[language][state];
  const button = state === 'ask' ? `<form method="post"><button>${LABELS[language].button}</button></form>` : '';
  const body = `<h1>${title}</h1><p>${text}</p>${link === null ? '' : details(link, language)}${button}${languageSwitch(request, language)}`;
  return htmlPage({ status: STATUS[state] ?? 200, language, title: `${title} · Wheelhouse`, body, form: state === 'ask' });
}

/** Text of agents and clients is data here, whatever it looks like. */
function details({ session, count }: RejectLink, language: PageLanguage): string {
  const labels = LABELS[language];
  const rows = [
    [labels.agent, `${session.agentName} (${session.role})`],
    [labels.renewal, session.maxRenewals === null ? String(count) : `${count}/${session.maxRenewals}`],
    ...(session.state === 'live' ? [[labels.ends, session.expiresAt === null ? labels.never : moment(session.expiresAt, language)]] : []),
    ...(session.state === 'revoked' ? [[labels.ended, endOf(session, language)]] : []),
  ];
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value!)}</dd>`).join('')}</dl>`;
}

function endOf({ revokedAt, revokeReason }: Session, language: PageLanguage): string {
  const when = moment(revokedAt!, language);
  return revokeReason === null ? when : `${when} · ${revokeReason}`;
}

/** In the time zone of this machine, which is that of the reader: the link leads to loopback. */
function moment(ms: number, language: PageLanguage): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' }).format(ms);
}

function languageSwitch(request: Request, language: PageLanguage): string {
  const { searchParams } = new URL(request.url);
  const other: PageLanguage = language === 'en' ? 'ko' : 'en';
  searchParams.set('lang', other);
  return `<nav><a href="?${escapeHtml(searchParams.toString())}" lang="${other}">${LABELS[language].other}</a></nav>`;
}
