export type PageLanguage = 'en' | 'ko';

const STYLE =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:18vh auto 0;padding:0 1.5rem;color-scheme:light dark;word-break:keep-all}' +
  'h1{font-size:1.25rem}code{font-size:1.1rem;padding:.25rem .5rem;border:1px solid;border-radius:4px}' +
  'dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1.5rem;margin:1.5rem 0}dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}' +
  'button{font:inherit;font-weight:600;padding:.5rem 1.25rem;border:0;border-radius:6px;background:#b3261e;color:#fff;cursor:pointer}' +
  'button:hover{background:#8c1d18}:focus-visible{outline:3px solid #1f6feb;outline-offset:2px}nav{margin-top:3rem;font-size:.9rem}';

export interface PageParts {
  readonly status: number;
  readonly language: PageLanguage;
  readonly title: string;
  /** HTML of our own; texts from outside go through {@link escapeHtml}. */
  readonly body: string;
  readonly head?: string;
  /** Whether the page has a form, which may post to this server only. */
  readonly form?: boolean;
}

/** A page that a person reads in the browser: no script, nothing from elsewhere, in no frame. */
export function htmlPage({ status, language, title, body, head = '', form = false }: PageParts): Response {
  const html =
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escapeHtml(title)}</title>${head}<style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
  const formAction = form ? "'self'" : "'none'";
  return new Response(html, {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`,
    },
  });
}

/** The language that the address asks for (`lang`), else that of the browser. */
export function pageLanguage(request: Request): PageLanguage {
  const asked = new URL(request.url).searchParams.get('lang');
  if (asked === 'en' || asked === 'ko') return asked;
  return /^\s*ko\b/i.test(request.headers.get('accept-language') ?? '') ? 'ko' : 'en';
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
