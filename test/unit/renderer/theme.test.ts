import { describe, expect, it } from 'vitest';
import { createMirror } from '../../../renderer/state/mirror.ts';
import { followTheme } from '../../../renderer/theme.ts';
import { snapshot } from './samples.ts';

function rig(remembered: string | null) {
  const kept = new Map(remembered === null ? [] : [['wheelhouse.theme', remembered]]);
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) } as Storage;
  const dataset: Record<string, string> = {};
  const mirror = createMirror();
  followTheme(mirror, { dataset } as unknown as HTMLElement, storage);
  return { dataset, kept, set: (theme: 'system' | 'light' | 'dark') => mirror.setState({ snapshot: snapshot({ settings: { language: 'en', theme } }) }) };
}

describe('the theme', () => {
  it('is right before the core has answered, by the last time', () => {
    expect(rig('dark').dataset).toEqual({ theme: 'dark' });
    expect(rig(null).dataset).toEqual({});
  });

  it('follows the setting and is remembered', () => {
    const { dataset, kept, set } = rig('dark');
    set('light');
    expect(dataset).toEqual({ theme: 'light' });
    expect(kept.get('wheelhouse.theme')).toBe('light');
    set('system');
    expect(dataset).toEqual({});
  });
});
