import { describe, expect, it } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { downloadError } from '../../../main/desktop/app-updater.ts';

describe('a failed download', () => {
  it.each([
    ['a wrong checksum', Object.assign(new Error('sha512 checksum mismatch, expected a, got b'), { code: 'ERR_CHECKSUM_MISMATCH' }), 'UPDATE_CHECKSUM', /does not have the checksum/],
    ['a full disk', Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }), 'DISK_FULL', /no space left to download version 1\.4\.0 \(ENOSPC\)/],
    ['a quota', Object.assign(new Error('EDQUOT'), { code: 'EDQUOT' }), 'DISK_FULL', /EDQUOT/],
    ['an answer of the server', Object.assign(new Error('404 Not Found\nHeaders: {\n'), { code: 'HTTP_ERROR_404' }), 'UPDATE_DOWNLOAD_FAILED', /could not be downloaded: 404 Not Found\. It/],
    ['what is no error', 'aborted', 'UPDATE_DOWNLOAD_FAILED', /: aborted\./],
  ])('by %s is told in our words, with the version and what comes next', (_what, error, code, words) => {
    expect(downloadError(error, '1.4.0')).toMatchObject({ code, message: expect.stringMatching(words) as string });
    expect(downloadError(error, '1.4.0').message).toContain('1.4.0');
  });

  it('that is told already stays as it is', () => {
    const error = new AppError('UPDATE_FEED_INVALID');
    expect(downloadError(error, '1.4.0')).toBe(error);
  });
});
