import { ERRORS, type ErrorCode } from '../base/errors.ts';
import type { CallError } from '../../preload/contract.ts';

type Language = 'en' | 'ko';

const NOT_LET_IN = {
  en: 'The windows open by a link. There was none, or it was used already, or it is older than ten minutes.',
  ko: '창은 링크로 엽니다. 링크가 없거나, 이미 사용되었거나, 10분이 지났습니다.',
} as const;
const NEW_LINK = {
  en: 'To open the windows, run this on the machine where Wheelhouse runs and follow the link it prints:',
  ko: '창을 열려면 Wheelhouse가 실행 중인 컴퓨터에서 아래 명령을 실행하고, 출력된 링크를 여세요.',
} as const;
const OPENING = { en: 'Opening Wheelhouse', ko: 'Wheelhouse를 여는 중' } as const;

const STYLE =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:18vh auto 0;padding:0 1.5rem;color-scheme:light dark;word-break:keep-all}' +
  'h1{font-size:1.25rem}code{font-size:1.1rem;padding:.25rem .5rem;border:1px solid;border-radius:4px}';

/** What a person sees in the browser instead of the windows. */
export function errorPage(status: number, error: CallError, request: Request): Response {
  const language = languageOf(request);
  if (status === 401) {
    return page(status, language, `<h1>Wheelhouse</h1><p>${NOT_LET_IN[language]}</p><p>${NEW_LINK[language]}</p><p><code>wheelhouse ui</code></p>`);
  }
  const rule = language === 'ko' && error.code in ERRORS ? ERRORS[error.code as ErrorCode].ko : error.message;
  return page(status, language, `<h1>Wheelhouse</h1><p>${escape(rule)}</p>`);
}

/**
 * Leads on to the windows from a page of our own: after a redirect the browser would still count the request as coming
 * from where the link was clicked, and keep the strict cookie back.
 */
export function openingPage(request: Request, target: string): Response {
  const language = languageOf(request);
  return page(200, language, `<p><a href="${target}">${OPENING[language]}</a></p>`, `<meta http-equiv="refresh" content="0; url=${target}">`);
}

function page(status: number, language: Language, body: string, head = ''): Response {
  const html = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>Wheelhouse</title>${head}<style>${STYLE}</style></head><body>${body}</body></html>`;
  return new Response(html, {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    },
  });
}

function languageOf(request: Request): Language {
  return /^\s*ko\b/i.test(request.headers.get('accept-language') ?? '') ? 'ko' : 'en';
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
