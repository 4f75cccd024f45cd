import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';
import { AppError } from '../base/errors.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** A name that changes with the content, as the bundler makes them: `assets/index-BfA3x9_q.js`. */
const HASHED = /^assets\/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/** electron.md §2.3; `ws:` to the same origin is named because older browsers do not count it as 'self'. */
function contentSecurityPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ws://${host} wss://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Serves the built windows. Paths that name no file are pages of the one bundle and get its index. */
export class UiFiles {
  readonly #root: string | null;

  /** `root` null: this start serves no windows. */
  constructor(root: string | null) {
    this.#root = root;
  }

  /** `path` is the part after `/ui/`, still encoded. Throws NOT_FOUND. */
  async serve(path: string, request: Request): Promise<Response> {
    if (this.#root === null) throw new AppError('NOT_FOUND', 'This Wheelhouse serves no windows.');
    const name = safeName(path);
    const asked = name !== '' && extname(name) !== '' ? name : 'index.html';
    const content = await this.#read(asked);
    if (content === null) {
      if (asked !== 'index.html') throw new AppError('NOT_FOUND', `There is no file '${asked}' among the windows.`);
      throw new AppError('NOT_FOUND', 'The windows are not built yet. Build them with: npm run build');
    }
    return answer(asked, content, request);
  }

  async #read(name: string): Promise<Buffer | null> {
    try {
      return await readFile(join(this.#root!, name));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
      throw error;
    }
  }
}

/** The decoded path as long as it stays inside; everything else is answered like a missing file. */
function safeName(encoded: string): string {
  let name: string;
  try {
    name = decodeURIComponent(encoded);
  } catch {
    throw outside();
  }
  const inside = relative('/ui', join('/ui', name));
  if (inside.startsWith('..') || isAbsolute(inside) || /[\0\\:]/.test(name)) throw outside();
  return inside;
}

function outside(): AppError {
  return new AppError('NOT_FOUND', 'There is no such file among the windows.');
}

function answer(name: string, content: Buffer, request: Request): Response {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  const headers = new Headers({
    'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
    'Cache-Control': HASHED.test(name) ? 'private, max-age=31536000, immutable' : 'no-cache',
    ETag: etag,
  });
  if (name.endsWith('.html')) headers.set('Content-Security-Policy', contentSecurityPolicy(new URL(request.url).host));
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(content), { headers });
}
