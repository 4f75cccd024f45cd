import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasBlock, removeBlock, setBlock } from '../../../main/cli/mcp-setup/text-block.ts';

const set = (text: string, content = 'our words'): string => setBlock(text, content, 'CLAUDE.md');
const remove = (text: string): string => removeBlock(text, 'CLAUDE.md');

describe('the marked block of a text', () => {
  it('comes last, after an empty line', () => {
    expect(set('# Project\n')).toMatch(/^# Project\n\n<!-- wheelhouse:begin .*-->\nour words\n<!-- wheelhouse:end -->\n$/);
  });

  it('is replaced in its place, once', () => {
    const first = `${set('# Project\n')}\nwritten below\n`;
    const second = set(first, 'new words');
    expect(second).toContain('new words');
    expect(second).not.toContain('our words');
    expect(second.endsWith('\n\nwritten below\n')).toBe(true);
    expect(set(second, 'new words')).toBe(second);
  });

  it('leaves what people wrote around it when it goes', () => {
    expect(remove(`${set('# Project\n')}\nwritten below\n`)).toBe('# Project\n\nwritten below\n');
  });

  it('gives back exactly the text it was put into, whatever its line ends', () => {
    const lines = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll(/[\r\n]/g, '')), { minLength: 1 });
    fc.assert(
      fc.property(lines, fc.constantFrom('\n', '\r\n'), fc.boolean(), (parts, eol, ends) => {
        const text = parts.join(eol) + (ends ? eol : '');
        fc.pre(text !== '' && !hasBlock(text));
        expect(remove(set(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['an end without a begin', 'x\n<!-- wheelhouse:end -->\n'],
    ['a begin without an end', '<!-- wheelhouse:begin -->\nx\n'],
    ['two blocks', `${set('')}${set('')}`],
    ['an end before the begin', '<!-- wheelhouse:end -->\n<!-- wheelhouse:begin -->\n'],
  ])('is refused with %s, because guessing could delete somebody’s words', (_name, text) => {
    expect(() => set(text)).toThrow(/markers/);
    expect(() => remove(text)).toThrow(/markers/);
  });
});
