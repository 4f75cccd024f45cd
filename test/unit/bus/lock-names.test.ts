import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockName, overlaps, parseLockName } from '../../../main/bus/lock-names.ts';

const canonical = (name: string, platform: NodeJS.Platform = 'linux'): string => parseLockName(name, platform).resource;
const overlap = (a: string, b: string): boolean => overlaps(parseLockName(a, 'linux'), parseLockName(b, 'linux'));

describe('a resource name', () => {
  it.each([
    ['nas-deploy', 'nas-deploy'],
    ['  compose ', 'compose'],
    ['Cafe\u0301', 'Caf\u00e9'],
    ['배포 서버', '배포 서버'],
    ['src/main.ts', 'path:src/main.ts'],
    ['path:main.ts', 'path:main.ts'],
    ['*.ts', 'path:*.ts'],
    ['src\\bus\\store.ts', 'path:src/bus/store.ts'],
    ['./src//bus/./store.ts', 'path:src/bus/store.ts'],
    ['src/', 'path:src/**'],
    ['src/**/', 'path:src/**'],
    ['src/**/**/x', 'path:src/**/x'],
    ['/', 'path:/**'],
    ['./', 'path:**'],
    ['/etc/nginx.conf', 'path:/etc/nginx.conf'],
    ['C:\\Users\\me', 'path:C:/Users/me'],
    ['app/[slug]/page?.tsx', 'path:app/[slug]/page?.tsx'],
  ])('%j is kept as %j', (name, expected) => {
    expect(canonical(name)).toBe(expected);
  });

  it('is told apart by case, but paths only where the file system does so', () => {
    expect(canonical('Compose', 'win32')).toBe('Compose');
    expect(canonical('Src/Main.ts', 'linux')).toBe('path:Src/Main.ts');
    expect(canonical('Src/Main.ts', 'win32')).toBe('path:src/main.ts');
    expect(canonical('Src/Main.ts', 'darwin')).toBe('path:src/main.ts');
  });

  it.each([
    ['', 'is empty'],
    ['   ', 'is empty'],
    ['a\u0000b', 'control character'],
    ['src/../etc', "goes up with '..'"],
    ['..\\secret', "goes up with '..'"],
    ['src/a**', "'**' must stand alone"],
    ['path:', 'names no path'],
    ['path:.', 'names no path'],
    ['/.', 'names no path'],
    ['x'.repeat(201), 'longer than 200'],
    [`src/${'x'.repeat(196)}`, 'longer than 200'],
  ])('%j is refused: it %s', (name, rule) => {
    expect(() => canonical(name)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining(rule) }));
  });

  it('is canonical once and for all', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'B', 'é', 'e\u0301', '/', '\\', '.', '*', ' ', 'İ', ':'), maxLength: 12 });
    fc.assert(
      fc.property(word, fc.constantFrom<NodeJS.Platform>('linux', 'win32', 'darwin'), (name, platform) => {
        let first;
        try {
          first = parseLockName(name, platform);
        } catch {
          return;
        }
        expect(parseLockName(first.resource, platform)).toEqual(first);
        expect(lockName(first.resource)).toEqual(first);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('two resources', () => {
  it.each([
    ['compose', 'compose'],
    ['src/a.ts', 'src/a.ts'],
    ['src/**', 'src/a/b.ts'],
    ['src/**', './src'],
    ['src/', 'src/a.ts'],
    ['**', '/etc/hosts'],
    ['*.ts', './main.ts'],
    ['src/*.ts', 'src/*.test.ts'],
    ['src/**/x.ts', '**/lib/x.ts'],
    ['src/*/a', 'src/b/*'],
    ['a*c', '*b*'],
  ])('overlap: %j and %j', (a, b) => {
    expect(overlap(a, b)).toBe(true);
    expect(overlap(b, a)).toBe(true);
  });

  it.each([
    ['compose', 'compose-prod'],
    ['compose', 'path:compose'],
    ['src', 'src/a.ts'],
    ['path:src', 'src/a.ts'],
    ['src/a.ts', 'src/b.ts'],
    ['src/**', 'src-old/a.ts'],
    ['src/*', 'src/a/b.ts'],
    ['*', '/etc'],
    ['*/hosts', '/hosts'],
    ['src/**', '/src/a.ts'],
    ['*.ts', '*.js'],
    ['src/*/a', 'src/*/b'],
  ])('do not overlap: %j and %j', (a, b) => {
    expect(overlap(a, b)).toBe(false);
    expect(overlap(b, a)).toBe(false);
  });
});

/** Everything up to the size at which two patterns of the generators below must have met, if they ever do. */
function sequences<T>(elements: readonly T[], maxLength: number): readonly (readonly T[])[] {
  const found: (readonly T[])[] = [[]];
  for (let from = 0, length = 1; length <= maxLength; length += 1) {
    const until = found.length;
    for (; from < until; from += 1) for (const element of elements) found.push([...found[from]!, element]);
  }
  return found;
}

/** The words of a pattern as a regular expression, written independently of the code under test. */
function matcher(pattern: string): RegExp {
  const segments = lockName(pattern).segments!;
  const body = segments.map((segment) => (segment === '**' ? '(?:<[^>]*>)*' : segment === '' ? '<>' : `<${segment.replaceAll('*', '[^<>]*')}>`));
  return new RegExp(`^${body.join('').replaceAll('<[^<>]*>', '<[^<>]+>')}$`);
}
const written = (segments: readonly string[]): string => segments.map((segment) => `<${segment}>`).join('');

describe('overlap, against trying every path', () => {
  it('is exact within a segment', () => {
    const words = sequences(['a', 'b'], 6)
      .map((chars) => chars.join(''))
      .filter((word) => word !== '');
    const segment = fc
      .string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 4 })
      .filter((text) => !text.includes('**'));
    fc.assert(
      fc.property(segment, segment, (a, b) => {
        const [first, second] = [matcher(`path:${a}`), matcher(`path:${b}`)];
        const meet = words.some((word) => first.test(`<${word}>`) && second.test(`<${word}>`));
        expect(overlap(`path:${a}`, `path:${b}`)).toBe(meet);
      }),
      { numRuns: 1000 },
    );
  });

  it('is exact across segments', () => {
    const paths = sequences(['a', 'b', 'aa', 'ab', 'ba', 'bb'], 4)
      .slice(1)
      .flatMap((segments) => [written(segments), written(['', ...segments])]);
    const segment = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', '**', '**');
    const pattern = fc
      .tuple(fc.boolean(), fc.array(segment, { minLength: 1, maxLength: 3 }))
      .map(([rooted, segments]) => canonical(`path:${rooted ? '/' : ''}${segments.join('/')}`));
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        const [first, second] = [matcher(a), matcher(b)];
        const meet = paths.some((path) => first.test(path) && second.test(path));
        expect(overlap(a, b), `${a} and ${b}`).toBe(meet);
        expect(overlap(b, a)).toBe(meet);
      }),
      { numRuns: 1500 },
    );
  });

  it('stays polynomial for patterns made to be slow', () => {
    const slow = `path:${'*a'.repeat(90)}`;
    expect(overlap(slow, `path:${'a*'.repeat(90)}b`)).toBe(false);
    expect(overlap(`path:${'**/a/'.repeat(35)}b`, `path:${'a/**/'.repeat(35)}c`)).toBe(false);
  });
});
