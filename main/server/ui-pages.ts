import { ERRORS, type ErrorCode } from '../base/errors.ts';
import type { CallError } from '../../preload/contract.ts';
import { escapeHtml, htmlPage, pageLanguage } from './html-page.ts';

const NOT_LET_IN = {
  en: 'The windows open by a link. There was none, or it was used already, or it is older than ten minutes.',
  ko: '창은 링크로 엽니다. 링크가 없거나, 이미 사용되었거나, 10분이 지났습니다.',
} as const;
const NEW_LINK = {
  en: 'To open the windows, run this on the machine where Wheelhouse runs and follow the link it prints:',
  ko: '창을 열려면 Wheelhouse가 실행 중인 컴퓨터에서 아래 명령을 실행하고, 출력된 링크를 여세요.',
} as const;
const OPENING = { en: 'Opening Wheelhouse', ko: 'Wheelhouse를 여는 중' } as const;

/** What a person sees in the browser instead of the windows. */
export function errorPage(status: number, error: CallError, request: Request): Response {
  const language = pageLanguage(request);
  if (status === 401) {
    const body = `<h1>Wheelhouse</h1><p>${NOT_LET_IN[language]}</p><p>${NEW_LINK[language]}</p><p><code>wheelhouse ui</code></p>`;
    return htmlPage({ status, language, title: 'Wheelhouse', body });
  }
  const rule = language === 'ko' && error.code in ERRORS ? ERRORS[error.code as ErrorCode].ko : error.message;
  return htmlPage({ status, language, title: 'Wheelhouse', body: `<h1>Wheelhouse</h1><p>${escapeHtml(rule)}</p>` });
}

/**
 * Leads on to the windows from a page of our own: after a redirect the browser would still count the request as coming
 * from where the link was clicked, and keep the strict cookie back.
 */
export function openingPage(request: Request, target: string): Response {
  const language = pageLanguage(request);
  const head = `<meta http-equiv="refresh" content="0; url=${target}">`;
  return htmlPage({ status: 200, language, title: 'Wheelhouse', body: `<p><a href="${target}">${OPENING[language]}</a></p>`, head });
}
