import { expect, test } from 'vitest';
import { FolderQueue, type Asked } from '../../../main/completions/folder-queue.ts';

function makeQueue(fail: (asked: Asked) => boolean = () => false) {
  const looks: (readonly string[] | null)[] = [];
  const gates: (() => void)[] = [];
  const queue = new FolderQueue(async (asked) => {
    looks.push(asked === null ? null : [...asked]);
    await new Promise<void>((resolve) => gates.push(resolve));
    if (fail(asked)) throw new Error('no');
  });
  const open = async (): Promise<void> => {
    await expect.poll(() => gates.length).toBeGreaterThan(0);
    gates.shift()!();
  };
  return { queue, looks, open };
}

test('what is asked for during a look is joined into the next one', async () => {
  const { queue, looks, open } = makeQueue();
  const first = queue.ask(['a']);
  await expect.poll(() => looks).toEqual([['a']]);
  const others = [queue.ask(['b']), queue.ask(['c']), queue.ask(['b'])];
  await open();
  await first;
  await open();
  await Promise.all(others);
  expect(looks).toEqual([['a'], ['b', 'c']]);
});

test('everything includes every name, and so do more names than are worth it', async () => {
  const { queue, looks, open } = makeQueue();
  const asked = [queue.ask(['a']), queue.ask(null)];
  await open();
  await Promise.all(asked);
  const many = queue.ask(Array.from({ length: 1001 }, (_, n) => `t${n}`));
  await open();
  await many;
  expect(looks).toEqual([null, null]);
});

test('who asked hears of a failure, and the next look runs', async () => {
  const { queue, open } = makeQueue((asked) => asked?.has('bad') === true);
  const bad = queue.ask(['bad']);
  const heard = expect(bad).rejects.toThrow('no');
  await open();
  await heard;
  const good = queue.ask(['good']);
  await open();
  await expect(good).resolves.toBeUndefined();
});

test('after the end nothing is looked at', async () => {
  const { queue, looks, open } = makeQueue();
  const first = queue.ask(['a']);
  await open();
  await first;
  await queue.stop();
  await queue.ask(['b']);
  expect(looks).toEqual([['a']]);
});
