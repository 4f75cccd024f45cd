import type { MakeBus } from './make-bus.ts';

/** What every bus store promises about tasks. */
export function taskContract(_make: MakeBus): void {}
