import { expect, it } from 'vitest';
import { nearest } from '../../../main/base/nearest.ts';

const WORDS = ['server', 'storage', 'bus', 'security'];

it.each([
  ['sever', 'server'],
  ['SERVER', 'server'],
  ['srever', 'server'],
  ['securty', 'security'],
  ['bsu', 'bus'],
])('takes %s for %s', (slip, word) => {
  expect(nearest(slip, WORDS)).toBe(word);
});

it.each(['telegram', 'x', ''])('guesses nothing for %j', (word) => {
  expect(nearest(word, WORDS)).toBeNull();
});
