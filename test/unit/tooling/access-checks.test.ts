import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
/** The last two cells of each row with a file in it. */
const ROWS = readFileSync(join(ROOT, 'docs/access-checks.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const found = /\| `(test\/[\w./-]+)` \| (.+) \|$/.exec(line);
    return found === null ? [] : [{ line, file: found[1]!, name: found[2]! }];
  });

describe('docs/access-checks.md', () => {
  it.each(ROWS)('$file has: $name', ({ file, name }) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(name);
  });

  it('names every check of the five lists', () => {
    const named = new Set(ROWS.map(({ line }) => /^\| (\w+) \|/.exec(line)?.[1]));
    const numbered = (letter: string, last: number): readonly string[] => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
    const all = [...numbered('T', 10), ...numbered('R', 9), ...numbered('J', 8), ...numbered('K', 13), ...numbered('C', 7)];
    expect(all.filter((name) => !named.has(name))).toEqual([]);
  });
});
