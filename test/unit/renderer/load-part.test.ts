import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadPart } from '../../../renderer/load-part.ts';

describe('a part that is loaded later', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('comes at once when it can be fetched', async () => {
    expect(await loadPart(async () => Promise.resolve('page'))).toBe('page');
  });

  test('is asked for again after a failure, until it comes', async () => {
    let asked = 0;
    const part = loadPart(async () => {
      asked += 1;
      if (asked < 4) throw new Error(`fetch ${asked} failed`);
      return Promise.resolve('page');
    });
    await vi.runAllTimersAsync();
    expect(await part).toBe('page');
    expect(asked).toBe(4);
  });

  test('fails with the last reason after nine tries', async () => {
    let asked = 0;
    const part = loadPart(async () => Promise.reject(new Error(`fetch ${(asked += 1)} failed`)));
    const outcome = expect(part).rejects.toThrow('fetch 9 failed');
    await vi.runAllTimersAsync();
    await outcome;
  });
});
