import { describe, expect, it } from 'vitest';
import { isNewer, isVersion } from '../../../main/updates/version.ts';

/** In the order of Semantic Versioning 2.0 (its section 11), each before the next. */
const IN_ORDER = [
  '0.0.0-test',
  '0.9.10',
  '0.10.0',
  '1.0.0-0',
  '1.0.0-2',
  '1.0.0-10',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.1',
  '1.2.0',
  '1.10.0',
  '2.0.0',
  '10.0.0',
];

describe('versions', () => {
  it('come in the order of Semantic Versioning, every pair of them', () => {
    for (const [at, left] of IN_ORDER.entries()) for (const [other, right] of IN_ORDER.entries()) expect([left, right, isNewer(left, right)]).toEqual([left, right, at > other]);
  });

  it('are the same whatever build they are', () => {
    expect([isNewer('1.0.0+b', '1.0.0+a'), isNewer('1.0.0+a', '1.0.0+b'), isNewer('1.0.1+a', '1.0.0')]).toEqual([false, false, true]);
  });

  it.each(['', '1', '1.2', 'v1.2.3', '1.2.3.4', '01.2.3', '1.2.3-', '1.2.3-01', '1.2.3-a..b', '1.2.3+', ' 1.2.3', '1.2.3\n', 'latest', `1.2.${'3'.repeat(300)}`])('are not %j', (text) => {
    expect(isVersion(text)).toBe(false);
    expect(() => isNewer(text, '1.0.0')).toThrow(/is not a version/);
  });
});
