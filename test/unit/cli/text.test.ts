import { describe, expect, it } from 'vitest';
import { displayWidth, harmless, oneLine, table } from '../../../main/cli/text.ts';

describe('text for a terminal', () => {
  it('lines up columns that hold Korean', () => {
    expect(table([['역할', 'x'], ['FE', 'y'], ['Producer', 'z']])).toBe('역할      x\nFE        y\nProducer  z');
  });

  it.each([
    ['', 0],
    ['abc', 3],
    ['가나', 4],
    ['한글 ok', 7],
    ['é', 1],
    ['😀', 2],
  ])('gives %j the width %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('lets no message steer the terminal', () => {
    expect(harmless('a\u001b[2Jb\n\tc')).toBe('a�[2Jb\n\tc');
    expect(oneLine(' a\r\n\u001b[31m b\u202e ')).toBe('a [31m b');
  });
});
