import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContent, writeContent } from '../../../main/completions/done-content.ts';

const read = (text: string) => readContent(Buffer.from(text));
const NOTHING = { summary: null, report: null, team: null, unfinished: false };

describe('the body of a .done file', () => {
  test('may be missing', () => {
    expect(read('')).toEqual(NOTHING);
    expect(read(' \n')).toEqual(NOTHING);
  });

  test('is the summary when it is plain text', () => {
    expect(read('로그인 완료\n두 번째 줄\n')).toEqual({ ...NOTHING, summary: '로그인 완료\n두 번째 줄' });
  });

  test('says more as JSON, and what is not text is left out', () => {
    expect(read('{"summary":"Login works","report":"/r/task-1.md","team":"dev1","else":1}')).toEqual({ summary: 'Login works', report: '/r/task-1.md', team: 'dev1', unfinished: false });
    expect(read('{"summary":["x"],"report":{"a":1},"team":7}')).toEqual(NOTHING);
  });

  test('is kept as text while it begins like JSON and is none', () => {
    expect(read('{"summary":"Lo')).toEqual({ ...NOTHING, summary: '{"summary":"Lo', unfinished: true });
  });

  test('loses what could disguise it', () => {
    expect(read('a\u0000b\u001b[31mc\u202ed')).toEqual({ ...NOTHING, summary: 'ab[31mcd' });
    expect(read('{"report":"/r/a\\n\\u0007b.md"}')).toEqual({ ...NOTHING, report: '/r/a b.md' });
  });

  test('is cut at a length that a notice can hold, never inside a character', () => {
    const { summary } = read('🎉'.repeat(3000));
    expect(summary!.length).toBeLessThanOrEqual(2000);
    expect(summary).toMatch(/^(🎉)+…$/u);
  });

  test('never fails, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { summary } = readContent(bytes);
        expect(summary === null || summary.isWellFormed()).toBe(true);
      }),
    );
  });

  test('comes back as it was written', () => {
    const content = { summary: 'It\'s "done"', report: '/r/x.md', team: 'dev1' };
    expect(read(writeContent(content))).toEqual({ ...content, unfinished: false });
    expect(writeContent({ summary: null, report: null, team: null })).toBe('');
  });
});
