import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UiFiles } from '../../../main/server/ui-files.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let temp: ReturnType<typeof makeTempDir>;
let files: UiFiles;
const REQUEST = new Request('http://127.0.0.1:3100/ui/');

beforeEach(() => {
  temp = makeTempDir();
  const root = join(temp.path, 'renderer');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Wheelhouse</title>');
  writeFileSync(join(root, 'assets', 'index-BfA3x9_q.js'), 'console.log(1)');
  writeFileSync(join(root, 'icon.svg'), '<svg/>');
  writeFileSync(join(temp.path, 'secret.txt'), 'secret');
  files = new UiFiles(root);
});
afterEach(() => temp.remove());

async function refusal(path: string): Promise<string> {
  return files.serve(path, REQUEST).then(
    async (response) => `served: ${await response.text()}`,
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('a page', () => {
  test.each(['', 'overview', 'board', 'activity/12', 'deep/er/path'])('%j gets the index with a content security policy', async (path) => {
    const response = await files.serve(path, REQUEST);
    expect(await response.text()).toContain('<title>Wheelhouse</title>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self' ws://127.0.0.1:3100");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });
});

describe('a file', () => {
  test('has its type, and may be kept for ever when its name changes with its content', async () => {
    const script = await files.serve('assets/index-BfA3x9_q.js', REQUEST);
    expect(await script.text()).toBe('console.log(1)');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
    const icon = await files.serve('icon.svg', REQUEST);
    expect(icon.headers.get('content-type')).toBe('image/svg+xml');
    expect(icon.headers.get('cache-control')).toBe('no-cache');
  });

  test('that has not changed is not sent again', async () => {
    const first = await files.serve('icon.svg', REQUEST);
    const again = await files.serve('icon.svg', new Request(REQUEST, { headers: { 'if-none-match': first.headers.get('etag')! } }));
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  test('that is missing is NOT_FOUND, not the index', async () => {
    expect(await refusal('assets/gone-12345678.js')).toBe('NOT_FOUND');
  });
});

describe('a path that leads outside', () => {
  test.each([
    '../secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    '%2e%2e%2fsecret.txt',
    'assets/../../secret.txt',
    'assets/%2e%2e/%2e%2e/secret.txt',
    '..%5csecret.txt',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'C:/Windows/win.ini',
    'icon.svg%00.html',
    '%',
    '%ff',
  ])('%j is not served', async (path) => {
    expect(await refusal(path)).not.toContain('secret');
    expect(await refusal(path)).not.toContain('root:');
  });
});

test('a directory is not listed', async () => {
  mkdirSync(join(temp.path, 'renderer', 'folder.d'));
  expect(await refusal('folder.d')).toBe('NOT_FOUND');
});

test('windows that are not built yet say how to build them; a start without windows says so', async () => {
  const unbuilt = new UiFiles(join(temp.path, 'nothing'));
  await expect(unbuilt.serve('', REQUEST)).rejects.toThrow(/npm run build/);
  await expect(new UiFiles(null).serve('', REQUEST)).rejects.toThrow(/serves no windows/);
});

test.runIf(process.platform !== 'win32')('what cannot be read is loud, not "missing"', async () => {
  symlinkSync('loop.svg', join(temp.path, 'renderer', 'loop.svg'));
  await expect(files.serve('loop.svg', REQUEST)).rejects.toMatchObject({ code: 'ELOOP' });
});
