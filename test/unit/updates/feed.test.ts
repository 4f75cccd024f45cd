import { describe, expect, it } from 'vitest';
import { SCHEMA } from '../../../main/config/schema.ts';
import { feedFile, parseFeed } from '../../../main/updates/feed.ts';

const SUM = `${'A'.repeat(86)}==`;
const URL = 'https://example.org/latest-linux.yml';

describe('the file of a feed', () => {
  it.each([
    ['linux', 'x64', 'latest-linux.yml'],
    ['linux', 'arm64', 'latest-linux-arm64.yml'],
    ['darwin', 'arm64', 'latest-mac.yml'],
    ['win32', 'x64', 'latest.yml'],
  ] as const)('on %s %s is named as the builder names it', (platform, arch, name) => {
    expect(feedFile(platform, arch)).toBe(name);
  });

  it('is read as the builder writes it', async () => {
    const text = `version: 1.4.0\nfiles:\n  - url: wheelhouse-1.4.0-linux-x64.AppImage\n    sha512: ${SUM}\n    size: 1\n    blockMapSize: 2\n  - url: b.deb\n    sha512: ${SUM}\n    size: 1\npath: a\nsha512: ${SUM}\nreleaseDate: '2026-11-20T09:00:00.000Z'\n`;
    expect(await parseFeed(text, URL)).toEqual({ version: '1.4.0', sha512: [SUM, SUM] });
  });

  it.each([
    ['nothing', '', /the whole/],
    ['a page', '<!doctype html><title>404</title>', /the whole/],
    ['no YAML', 'version: [1.4.0', /it is not YAML/],
    ['a number for a version', `version: 1.4\nfiles: [{ url: a, sha512: ${SUM} }]`, /version/],
    ['another way to count', `version: v1.4.0\nfiles: [{ url: a, sha512: ${SUM} }]`, /version: must be a version/],
    ['no files', 'version: 1.4.0\nfiles: []', /files/],
    ['no checksum', 'version: 1.4.0\nfiles: [{ url: a }]', /files\.0\.sha512/],
    ['half a checksum', 'version: 1.4.0\nfiles: [{ url: a, sha512: abc }]', /must be a SHA-512/],
  ])('is refused with %s, and the message says where and why', async (_what, text, why) => {
    await expect(parseFeed(text, URL)).rejects.toMatchObject({ code: 'UPDATE_FEED_INVALID', message: expect.stringMatching(why) as string });
    await expect(parseFeed(text, URL)).rejects.toThrow(URL);
  });
});

describe('[updates] feed', () => {
  const { type } = SCHEMA.updates.feed;
  it.each(['', 'https://example.org', 'https://example.org:8443/wheelhouse/stable/', 'http://127.0.0.1:8080/x', 'http://localhost', 'http://[::1]:9/'])('may be %j', (value) => {
    expect(type.check(value)).toBe(value);
  });
  it.each(['http://example.org/', 'http://localhost.example.org/', 'http://127.0.0.1:80@example.org/', 'https://me:secret@example.org/', 'https://example.org/?key=secret', 'https://example.org/#x', 'ftp://example.org', 'example.org', 'https://', 'file:///x'])(
    'may not be %j',
    (value) => {
      expect(type.check(value)).toBeUndefined();
    },
  );
});
