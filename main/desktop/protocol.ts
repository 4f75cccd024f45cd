import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';
import type { CustomScheme, Protocol } from 'electron';
import { SCHEME } from './deep-links.ts';
import { APP_HOST } from './sender.ts';

/** What the windows' scheme may do; told to Electron once, before it is ready. */
export const PRIVILEGED_SCHEME: CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

/** The first page of every window. */
export const INDEX_URL = `${SCHEME}://${APP_HOST}/index.html`;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** The file under `root` that a URL of the windows' scheme names; null for every URL that leads anywhere else. */
export function assetFile(root: string, url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== `${SCHEME}:` || parsed.host !== APP_HOST) return null;
  let path: string;
  try {
    path = decodeURIComponent(parsed.pathname);
  } catch {
    // A stray percent sign: no file is called that.
    return null;
  }
  if (path.includes('\0')) return null;
  const file = join(root, path);
  const inside = relative(root, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? null : file;
}

/** Answers one request of a window out of `root`. Never rejects. */
export async function answerAsset(root: string, request: Pick<Request, 'url' | 'method'>): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Only GET is answered here.');
  const file = assetFile(root, request.url);
  const type = file === null ? undefined : TYPES[extname(file).toLowerCase()];
  if (file === null || type === undefined) return plain(404, 'There is no such file.');
  try {
    const bytes = await readFile(file);
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), { headers: { ...HEADERS, 'content-type': type } });
  } catch {
    return plain(404, `There is no such file: ${relative(root, file)}. In a checkout, run \`npm run build\`.`);
  }
}

/** Serves the built windows under their scheme. */
export function serveWindows(protocol: Pick<Protocol, 'handle'>, root: string): void {
  protocol.handle(SCHEME, async (request) => answerAsset(root, request));
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' } });
}
