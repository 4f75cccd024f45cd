import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../renderer/components/keys.ts';
import { moveOf } from '../../../renderer/components/use-list-keys.ts';

describe('a shortcut', () => {
  it('is the letter, whatever the case', () => {
    expect(keyOf({ key: 'J', code: 'KeyJ' })).toBe('j');
  });

  it('is found while Hangul is switched on', () => {
    expect(keyOf({ key: 'ㅓ', code: 'KeyJ' })).toBe('j');
    expect(keyOf({ key: 'Process', code: 'KeyC' })).toBe('c');
  });

  it('goes by the letter and not by the place of the key on other layouts', () => {
    expect(keyOf({ key: 'j', code: 'KeyC' })).toBe('j');
  });

  it('keeps named keys and signs', () => {
    expect([keyOf({ key: 'ArrowDown', code: 'ArrowDown' }), keyOf({ key: '?', code: 'Slash' })]).toEqual(['ArrowDown', '?']);
  });
});

describe('moving in a list', () => {
  it('stops at both ends', () => {
    expect([moveOf('j', 4, 5, 3), moveOf('k', 0, 5, 3), moveOf('PageDown', 3, 5, 3), moveOf('PageUp', 1, 5, 3)]).toEqual([4, 0, 4, 0]);
  });

  it('begins at the first entry', () => {
    expect([moveOf('ArrowDown', -1, 5, 3), moveOf('ArrowUp', -1, 5, 3)]).toEqual([0, 0]);
  });

  it('knows when a key is not about moving, or there is nowhere to go', () => {
    expect([moveOf('x', 1, 5, 3), moveOf('j', -1, 0, 3)]).toEqual([null, null]);
  });
});
