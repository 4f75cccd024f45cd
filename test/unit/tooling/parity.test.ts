import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
/** The last two cells of each row with a file in it. */
const ROWS = readFileSync(join(ROOT, 'docs/parity.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const found = /^\| ([A-Z]+-\d\d) .*\| `(test\/[\w./-]+)` \| (.+) \|$/.exec(line);
    return found === null ? [] : [{ id: found[1]!, file: found[2]!, name: found[3]! }];
  });

describe('docs/parity.md', () => {
  it.each(ROWS)('$id: $file has "$name"', ({ file, name }) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(name);
  });

  it('has no row that this test cannot read', () => {
    const rows = readFileSync(join(ROOT, 'docs/parity.md'), 'utf8').match(/^\| [A-Z]+-\d\d /gm) ?? [];
    expect(ROWS).toHaveLength(rows.length);
    expect(rows.length).toBeGreaterThan(0);
  });
});
