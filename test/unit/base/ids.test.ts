import { describe, expect, test } from 'vitest';
import { uuidv7 } from '../../../main/base/ids.ts';

describe('an id', () => {
  test('has the form of a UUID of version 7 and carries its millisecond', () => {
    const now = Date.UTC(2026, 10, 20, 9, 0, 0, 123);
    const id = uuidv7(now);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.slice(0, 13).replace('-', ''), 16)).toBe(now);
  });

  test('sorts by the millisecond it was made in, also early ones', () => {
    const ids = [1, 0xffff, 2 ** 40, Date.UTC(2500, 0, 1)].map(uuidv7);
    expect(ids.toSorted()).toEqual(ids);
  });

  test('is another one every time', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => uuidv7(0))).size).toBe(10_000);
  });
});
