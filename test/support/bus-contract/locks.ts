import type { MakeBus } from './make-bus.ts';

/** What every bus store promises about locks. */
export function lockContract(_make: MakeBus): void {}
