import { expect, it } from 'vitest';
import { hueOf, initialsOf } from '../../../renderer/components/role-chip.tsx';

it('shortens a role to letters that stand for it', () => {
  expect(['FE', 'Producer', 'data engineer', 'qa-lead', '기획'].map(initialsOf)).toEqual(['FE', 'P', 'DE', 'QL', '기획']);
});

it('gives a role the same hue every time, and the four usual ones different hues', () => {
  expect(hueOf('기획')).toBe(hueOf('기획'));
  expect(new Set(['FE', 'BE', 'AI', 'Producer'].map(hueOf)).size).toBe(4);
  for (const role of ['a', 'Ops', '디자인', '']) expect(hueOf(role)).toBeGreaterThanOrEqual(1);
});
