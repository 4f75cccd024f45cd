import type { BusStore } from '../../../main/bus/store.ts';
import type { FakeClock } from '../fake-clock.ts';

/** A fresh, empty bus for one test. */
export type MakeBus = () => Promise<{ readonly store: BusStore; readonly clock: FakeClock; close(): Promise<void> }>;
