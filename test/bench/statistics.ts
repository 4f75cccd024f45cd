/** The value that `share` (0 to 1) of the list does not exceed. */
export function percentile(list: readonly number[], share: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

export function median(list: readonly number[]): number {
  return percentile(list, 0.5);
}
