import { expect, it } from 'vitest';
import { Emitter } from '../../../main/base/emitter.ts';

it('reaches every listener although one throws, and tells about the one', () => {
  const errors: unknown[] = [];
  const heard: string[] = [];
  const emitter = new Emitter<string>((error) => errors.push(error));
  emitter.on(() => {
    throw new Error('faulty');
  });
  emitter.on((value) => heard.push(value));

  emitter.emit('news');

  expect(heard).toEqual(['news']);
  expect(errors).toEqual([new Error('faulty')]);
});

it('reaches a listener no more after it unsubscribed, also twice or while it is told', () => {
  const heard: string[] = [];
  const emitter = new Emitter<string>(() => undefined);
  const stop = emitter.on((value) => {
    heard.push(value);
    stop();
  });

  emitter.emit('first');
  stop();
  emitter.emit('second');

  expect(heard).toEqual(['first']);
  expect(emitter.size).toBe(0);
});
