import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { answerAsset, assetFile } from '../../../main/desktop/protocol.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const temp = makeTempDir();
const root = join(temp.path, 'windows');
mkdirSync(join(root, 'assets'), { recursive: true });
writeFileSync(join(root, 'index.html'), '<!doctype html>');
writeFileSync(join(root, 'assets', 'index.js'), 'export {};');
writeFileSync(join(root, 'secret.txt'), 'not of a type that windows need');
writeFileSync(join(temp.path, 'outside.html'), 'outside');
writeFileSync(join(temp.path, 'windows-too.html'), 'a neighbour whose name starts alike');
afterAll(() => temp.remove());

const get = async (url: string, method = 'GET'): Promise<Response> => answerAsset(root, { url, method });

describe('files of the windows', () => {
  it('are served with their type and every protection', async () => {
    const page = await get('wheelhouse://app/index.html');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('<!doctype html>');
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    const policy = page.headers.get('content-security-policy')!.split('; ');
    expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]));
    expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
    expect((await get('wheelhouse://app/assets/index.js?v=1#x')).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it.each([
    'wheelhouse://app/',
    'wheelhouse://app/assets',
    'wheelhouse://app/missing.html',
    'wheelhouse://app/secret.txt',
    'wheelhouse://app/../outside.html',
    'wheelhouse://app/%2e%2e/outside.html',
    'wheelhouse://app/..%2foutside.html',
    'wheelhouse://app/assets/..%2f..%2foutside.html',
    'wheelhouse://app/..%2fwindows-too.html',
    'wheelhouse://app/%00index.html',
    'wheelhouse://app/%E0%A4%A',
    'wheelhouse://other/index.html',
    'https://app/index.html',
    'not a url',
  ])('are not there under %s', async (url) => {
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-security-policy')).not.toBeNull();
  });

  it('are only read', async () => {
    expect((await get('wheelhouse://app/index.html', 'POST')).status).toBe(405);
    const head = await get('wheelhouse://app/index.html', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('lie below their folder, whatever the address says', () => {
    expect(assetFile(root, 'wheelhouse://app/assets/index.js')).toBe(join(root, 'assets', 'index.js'));
    expect(assetFile(root, 'wheelhouse://app//etc/passwd')).toBe(join(root, 'etc', 'passwd'));
  });
});
