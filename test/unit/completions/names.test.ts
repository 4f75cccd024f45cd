import { describe, expect, test } from 'vitest';
import { isTaskName, printable, readName } from '../../../main/completions/names.ts';

describe('names of files', () => {
  test.each(['task-897.1', 'a', '7', '배포-2.4', 'Zoë_1', '가'.repeat(60), 'é'.normalize('NFD')])('takes %s', (task) => {
    expect(readName(`${task}.done`)).toEqual({ kind: 'done', task });
  });

  test.each([
    ['quotes', "a'''b"],
    ['a double quote', 'a"b'],
    ['a space', 'a b'],
    ['a line break', 'a\nb'],
    ['a slash of another script', 'a\u2215b'],
    ['a zero-width space', 'a\u200bb'],
    ['a turn of the direction of writing', 'a\u202eb'],
    ['no name', ''],
    ['a leading dot', '.a'],
    ['a leading dash', '-rf'],
    ['a dot at the end', 'a.'],
    ['a shell expression', '$(id)'],
    ['bytes that are no text', 'a\ufffdb'],
    ['a name that could be a marker of another', 'a.done.b'],
    ['the double ending', 'a.done'],
    ['too many bytes', '가'.repeat(61)],
    ['too many letters', 'a'.repeat(181)],
  ])('refuses %s', (_, task) => {
    expect(readName(`${task}.done`)).toEqual({ kind: 'refused' });
    expect(isTaskName(task)).toBe(false);
  });

  test.each(['notified', 'acked', 'escalated'] as const)('knows the marker %s', (marker) => {
    expect(readName(`task-1.done.${marker}`)).toEqual({ kind: 'marker', task: 'task-1', marker });
  });

  test.each(['bot-activity.json', 'archive', 'task-1.done.processing', 'task-1.done.tmp', "a'b.done.acked", 'done', '.task-1.done.12.0a1b2c3d.tmp'])('leaves %s alone', (name) => {
    expect(readName(name)).toEqual({ kind: 'other' });
  });

  test('shows what cannot be seen as an escape', () => {
    expect(printable("a\nb\u202e'''가")).toBe("a\\u{a}b\\u{202e}'''가");
  });
});
