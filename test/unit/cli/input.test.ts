import { describe, expect, it } from 'vitest';
import type { CommandSpec } from '../../../main/cli/command.ts';
import { parseInput, UsageError, type Input } from '../../../main/cli/input.ts';

const SPEC: Pick<CommandSpec, 'name' | 'args' | 'options'> = {
  name: 'bake',
  args: [
    { name: 'cake', kind: 'text', about: 'Which cake.' },
    { name: 'pieces', kind: 'integer', about: 'How many.', optional: true },
  ],
  options: {
    oven: { kind: 'text', value: 'NAME', about: 'Which oven.', required: true },
    heat: { kind: 'integer', value: 'DEGREES', min: 50, max: 250, about: 'How hot.' },
    after: { kind: 'integers', value: 'IDS', about: 'What must be done.' },
    size: { kind: 'choice', choices: ['small', 'large'], about: 'How large.' },
    iced: { kind: 'flag', about: 'With icing.' },
  },
};

const parse = (...words: string[]): Input => parseInput(SPEC, words);
const refusal = (...words: string[]): string => {
  try {
    parse(...words);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('a command line', () => {
  it('gives its words by name and kind', () => {
    const input = parse('apple', '--oven', 'left', '8', '--heat=180', '--after', '3,4', '--after', '9', '--size', 'large', '--iced', '--json');
    expect(input.argText('cake')).toBe('apple');
    expect(input.argInteger('pieces')).toBe(8);
    expect(input.text('oven')).toBe('left');
    expect(input.integer('heat')).toBe(180);
    expect(input.integers('after')).toEqual([3, 4, 9]);
    expect(input.choice('size', ['small', 'large'])).toBe('large');
    expect(input.flag('iced')).toBe(true);
    expect(input.flag('json')).toBe(true);
  });

  it('leaves out what was not given', () => {
    const input = parse('apple', '--oven', 'left');
    expect([input.integer('heat'), input.integers('after'), input.choice('size', ['small', 'large']), input.flag('iced')]).toEqual([undefined, undefined, undefined, false]);
  });

  it('takes words that begin with a dash after --', () => {
    expect(parse('--oven', 'left', '--', '--apple').argText('cake')).toBe('--apple');
  });

  it('asks for nothing when help is wanted', () => {
    expect(parse('--help').flag('help')).toBe(true);
    expect(parse('-h').flag('help')).toBe(true);
  });

  it.each([
    [['apple', '--oven', 'x', '--haet', '3'], 'There is no option --haet here. Did you mean --heat?'],
    [['apple', '--oven', 'x', '-z'], /^There is no option -z here\. Options: --json, /],
    [['apple', '--oven'], '--oven needs a value: Which oven.'],
    [['apple', '--oven', '--iced'], '--oven needs a value: Which oven.'],
    [['apple', '--oven', 'x', '--iced=yes'], '--iced takes no value.'],
    [['apple', '--oven', 'x', '--heat', '300'], '--heat is a whole number from 50 to 250; it is "300".'],
    [['apple', '--oven', 'x', '--heat', '-5'], '--heat is a whole number from 50 to 250; it is "-5".'],
    [['apple', '--oven', 'x', '--heat', '1e2'], '--heat is a whole number from 50 to 250; it is "1e2".'],
    [['apple', '--oven', 'x', '--after', '3,x'], '--after is a whole number from 1; it is "x".'],
    [['apple', '--oven', 'x', '--size', 'larg'], '--size is one of small, large; it is "larg". Did you mean large?'],
    [['--oven', 'x'], '`bake` needs CAKE: Which cake.'],
    [['apple'], '`bake` needs --oven NAME: Which oven.'],
    [['apple', 'x', '--oven', 'x'], 'PIECES is a whole number from 1; it is "x".'],
    [['apple', '8', 'pie', '--oven', 'x'], '"pie" is one word too many for `bake`. Put words with spaces into quotes.'],
    [['apple', '--oven', 'x', '--constructor'], /^There is no option --constructor here/],
  ])('refuses %j by name, rule and cure', (words, message) => {
    expect(refusal(...words)).toMatch(message);
  });

  it('is asked only for what the command declares', () => {
    const input = parse('apple', '--oven', 'left');
    expect(() => input.text('heat')).toThrow('declares no text --heat');
    expect(() => input.argText('pieces')).toThrow('declares no text pieces');
  });
});
