/** How long to wait after `failures` tries in a row (from 1), in ms: doubling from `firstMs` to `mostMs`, with up to a fifth more or less. */
export function backoffMs(failures: number, { firstMs, mostMs }: { readonly firstMs: number; readonly mostMs: number }, random: () => number): number {
  const base = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(base * (0.8 + 0.4 * random()));
}
