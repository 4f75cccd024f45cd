import { expect, test } from 'vitest';
import type { RunChunkView } from '../../../preload/contract.ts';
import { turnOutput } from '../../../renderer/state/run-output.ts';

const chunks = (...printed: readonly (readonly [RunChunkView['stream'], string])[]): readonly RunChunkView[] => printed.map(([stream, text], n) => ({ n, at: '', stream, text }));

test('a chat shows what was printed since the last answer, from both streams in order', () => {
  expect(turnOutput(chunks(['stderr', 'old\n'], ['result', 'An answer'], ['stdout', 'reads\n'], ['stderr', 'thinks\n']))).toBe('reads\nthinks');
});

test('neither an answer nor what the agent was given shows there: both stand in the chat', () => {
  expect(turnOutput(chunks(['stdout', 'reads\n'], ['result', 'An answer']))).toBe('');
  expect(turnOutput(chunks(['result', 'An answer'], ['stderr', 'waits\n'], ['input', 'A question']))).toBe('');
  expect(turnOutput([])).toBe('');
});

test('of much only the last lines show, and of a line without a break its end', () => {
  const lines = turnOutput(chunks(['stdout', Array.from({ length: 500 }, (_, n) => `line ${n}`).join('\n')]));
  expect(lines.split('\n')).toHaveLength(10);
  expect(lines).toMatch(/^…line 490\n[^]*line 499$/);
  const wide = turnOutput(chunks(['stdout', `${'x'.repeat(100_000)}END`]));
  expect(wide).toHaveLength(1501);
  expect(wide).toMatch(/^…x+END$/);
});
