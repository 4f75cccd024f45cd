import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnv } from 'node:util';
import { parseSecretLines, SECRET_NAME, valueProblem, withoutSecretLine, withSecretLine } from '../../../main/config/secret-lines.ts';

describe('lines of a .env file', () => {
  it.each([
    ['A=1', '1'],
    ['  A = 1  ', '1'],
    ['export A=1', '1'],
    ['A="quoted # not a comment"', 'quoted # not a comment'],
    ["A='single'", 'single'],
    ['A="', '"'],
    ['A=\'"', '\'"'],
    ['A=b=c', 'b=c'],
    ['A=1\r\nB=2', '1'],
    ['A=1\nA=2', '2'],
    ['\uFEFFA=1', '1'],
    ['#A=1', undefined],
    ['A=', undefined],
    ['A=""', undefined],
    ['A', undefined],
    ['=1', undefined],
    ['', undefined],
  ])('%j gives %j', (text, value) => {
    expect(parseSecretLines(text).get('A')).toBe(value);
  });
});

const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/);
const value = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc.string({ unit: fc.constantFrom('"', "'", '#', '=', '\\', ' ', '$', '`', '비', '밀', '\t', 'A', '\uFEFF', '\u2028'), minLength: 1, maxLength: 20 }),
  )
  .filter((text) => valueProblem(text, 16_384) === null);
const line = fc.oneof(
  fc.constantFrom('# a comment', '', '   ', 'no assignment', '#OLD=value', 'lower=case', '=nameless'),
  fc.tuple(name, value).map(([key, text]) => `export ${key} = ${text}`),
);
const file = fc.tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean()).map(([lines, end, closed]) => lines.join(end) + (closed ? end : ''));

describe('writing a secret', () => {
  it('gives back every value as it was, also with quotes, #, =, Korean, spaces and a backslash at the end', () => {
    fc.assert(
      fc.property(file, name, value, (text, key, secret) => {
        expect(parseSecretLines(withSecretLine(text, key, secret)).get(key)).toBe(secret);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves every other value and every line that is not about the name as they were', () => {
    fc.assert(
      fc.property(file, name, value, (text, key, secret) => {
        const after = withSecretLine(text, key, secret);
        const others = (values: ReadonlyMap<string, string>) => Object.fromEntries([...values].filter(([other]) => other !== key));
        expect(others(parseSecretLines(after))).toEqual(others(parseSecretLines(text)));
        for (const foreign of text.split(/\r?\n/).filter((each) => each.startsWith('#') || !each.includes('='))) expect(after.split(/\r?\n/)).toContain(foreign);
      }),
      { numRuns: 1000 },
    );
  });

  it('and removing it again leaves the text without it', () => {
    fc.assert(
      fc.property(file, name, value, (text, key, secret) => {
        const without = withoutSecretLine(text, key);
        const roundTrip = withoutSecretLine(withSecretLine(without, key, secret), key);
        expect(parseSecretLines(roundTrip).has(key)).toBe(false);
        expect(roundTrip.replace(/\r?\n$/, '')).toBe(without.replace(/\r?\n$/, ''));
      }),
      { numRuns: 1000 },
    );
  });

  it('puts it in its place, keeps the line ends, and lets earlier lines of the name go', () => {
    expect(withSecretLine('# mine\r\nA=old\r\nB=2\r\nA=newer\r\nC=3', 'A', 'two words')).toBe("# mine\r\nB=2\r\nA='two words'\r\nC=3");
    expect(withSecretLine('B=2', 'A', '1')).toBe('B=2\nA=1\n');
    expect(withSecretLine('', 'A', '1')).toBe('A=1\n');
  });

  it.each(['12345:AAHdq-_T', 'https://discord.com/api/webhooks/1/x?wait=true', 'two words', 'a#b', 'a$b', 'ends with \\', 'say "hi"', "it's", '비밀 값'])(
    'writes %j so that other programs read the same',
    (secret) => {
      expect(parseEnv(withSecretLine('', 'A', secret))).toEqual({ A: secret });
    },
  );
});

it.each([
  ['', 'is empty'],
  ['a\nb', 'line break'],
  ['a\rb', 'line break'],
  ['a\0b', 'NUL'],
  ['a\uD800', 'no valid text'],
  ['비밀', 'longer than 5 bytes'],
])('does not take %j as a value', (text, why) => {
  expect(valueProblem(text, 5)).toContain(why);
});

it.each(['A', 'ANU_BOT_TOKEN', 'A1_'])('%s is a name', (text) => expect(SECRET_NAME.test(text)).toBe(true));
it.each(['a', '1A', '_A', 'A-B', 'A=B', 'A ', '', 'A'.repeat(101)])('%j is no name', (text) => expect(SECRET_NAME.test(text)).toBe(false));
