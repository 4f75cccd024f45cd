import { describe, expect, test } from 'vitest';
import { isFileOf, isSameFile, type FileIdentity } from '../../../main/completions/identity.ts';

const SEC = 1_000_000_000;
const file = (more: Partial<Record<keyof FileIdentity, string | number>> = {}): FileIdentity => ({ inode: '7', born: String(100 * SEC), modified: String(100 * SEC), size: 0, ...more }) as FileIdentity;

describe('telling a second completion from the first', () => {
  test.each<[string, FileIdentity, FileIdentity, boolean]>([
    ['nothing changed', file(), file(), true],
    ['it was written to', file(), file({ modified: String(500 * SEC), size: 9 }), true],
    ['removed and made again, with the same inode', file(), file({ born: String(200 * SEC), modified: String(200 * SEC) }), false],
    ['another file was renamed over it', file(), file({ inode: '8', born: String(90 * SEC), modified: String(90 * SEC) }), false],
    ['the network folder numbered anew', file(), file({ inode: '99', born: '0' }), true],
    ['no birth is kept, and it is just being finished', file({ born: '0' }), file({ born: '0', modified: String(103 * SEC), size: 4 }), true],
    ['no birth is kept, and it changed much later', file({ born: '0' }), file({ born: '0', modified: String(111 * SEC) }), false],
    ['no birth is kept, and it became older', file({ born: '0' }), file({ born: '0', modified: String(99 * SEC) }), false],
  ])('%s', (_, known, found, same) => {
    expect(isSameFile(known, found)).toBe(same);
  });

  test('writing to a file that was acked reports anew', () => {
    const written = file({ modified: String(500 * SEC), size: 9 });
    expect(isFileOf({ identity: file(), ackedAt: null }, written)).toBe(true);
    expect(isFileOf({ identity: file(), ackedAt: 400_000 }, written)).toBe(false);
    expect(isFileOf({ identity: file(), ackedAt: 400_000 }, file())).toBe(true);
  });
});
