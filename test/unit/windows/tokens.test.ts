import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../renderer/tokens.css'), 'utf8');

type Theme = 'light' | 'dark';

/** The two sides of every colour that is written as `--name: light-dark(#…, #…)`. */
const colours = new Map(
  Array.from(css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g), ([, name = '', light = '', dark = '']) => [name, { light, dark }]),
);

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(front: string, back: string, theme: Theme): number {
  const sides = [front, back].map((name) => {
    const colour = colours.get(name);
    if (colour === undefined) throw new Error(`there is no colour --${name}`);
    return luminance(colour[theme]);
  });
  return (Math.max(...sides) + 0.05) / (Math.min(...sides) + 0.05);
}

const SURFACES = ['backdrop', 'surface', 'surface-sunken', 'surface-raised', 'hover', 'selected'];
const TEXT: readonly (readonly [string, readonly string[]])[] = [
  ...['text', 'text-soft', 'text-faint'].map((name) => [name, SURFACES] as const),
  ...['accent', 'ok', 'warn', 'info', 'idle', 'danger'].map((name) => [name, ['surface', 'surface-raised', 'surface-sunken']] as const),
  ...['ok', 'warn', 'info', 'idle', 'danger'].map((name) => [name, [`${name}-tint`]] as const),
  ...[1, 2, 3, 4, 5, 6].map((hue) => [`role-${hue}`, [`role-${hue}-tint`]] as const),
  ['on-accent', ['accent-fill', 'accent-fill-hover']],
  ['on-danger', ['danger-fill', 'danger-fill-hover']],
  ['text-soft', ['idle-tint']],
  ['surface', ['warn']],
];
/** What shows where a control is, and where the focus is: 3 : 1 is enough (WCAG 1.4.11). */
const EDGES: readonly (readonly [string, readonly string[]])[] = [
  ['field-border', ['surface', 'surface-raised']],
  ['focus', SURFACES],
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each(TEXT.flatMap(([front, backs]) => backs.map((back) => [front, back] as const)))('%s can be read on %s (4.5 : 1)', (front, back) => {
    expect(contrast(front, back, theme)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(EDGES.flatMap(([front, backs]) => backs.map((back) => [front, back] as const)))('%s stands out from %s (3 : 1)', (front, back) => {
    expect(contrast(front, back, theme)).toBeGreaterThanOrEqual(3);
  });
});

it('has no colour that is written for one theme only', () => {
  const outside = css.replace(/light-dark\([^)]*\)/g, '').match(/#[0-9a-f]{3,8}\b/g);
  expect(outside).toBeNull();
});
