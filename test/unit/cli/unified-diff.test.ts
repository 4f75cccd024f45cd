import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../main/cli/mcp-setup/unified-diff.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

describe('a unified diff', () => {
  it('shows changed lines with three lines around them', () => {
    const before = Array.from({ length: 10 }, (_, at) => `line ${at + 1}\n`).join('');
    expect(unifiedDiff('f', before, before.replace('line 5', 'LINE 5'))).toBe(
      ['--- a/f', '+++ b/f', '@@ -2,7 +2,7 @@', ' line 2', ' line 3', ' line 4', '-line 5', '+LINE 5', ' line 6', ' line 7', ' line 8'].join('\n'),
    );
  });

  it('shows a new file and a deleted one against /dev/null', () => {
    expect(unifiedDiff('f', null, 'a\nb\n')).toBe('--- /dev/null\n+++ b/f\n@@ -0,0 +1,2 @@\n+a\n+b');
    expect(unifiedDiff('f', 'a\n', null)).toBe('--- a/f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a');
  });

  it('is empty when nothing changes', () => {
    expect(unifiedDiff('f', 'a', 'a')).toBe('');
  });

  it.skipIf(spawnSync('patch', ['--version']).status !== 0)('is a patch that turns one text into the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '가나'), { minLength: 1, maxLength: 30 }).chain((lines) => fc.boolean().map((ends) => lines.join('\n') + (ends ? '\n' : '')));
    const dir = makeTempDir();
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        writeFileSync(join(dir.path, 'f'), before);
        const patch = spawnSync('patch', ['-s', '-o', '-', join(dir.path, 'f')], { input: `${unifiedDiff('f', before, after)}\n`, encoding: 'utf8' });
        expect(patch.stdout).toBe(after);
      }),
      { numRuns: 40 },
    );
    dir.remove();
  });
});
