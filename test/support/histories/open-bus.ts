import type { BusStore } from '../../../main/bus/store.ts';

/**
 * How a thread reaches the one bus that all threads of a history share: the path of a module that exports `openBus`,
 * and what to call it with. A store of another kind brings its own module and runs the same histories.
 */
export interface BusAddress {
  readonly module: string;
  readonly options: Readonly<Record<string, string>>;
}

export interface OpenedBus {
  readonly store: BusStore;
  close(): Promise<void>;
}

export type OpenBus = (options: Readonly<Record<string, string>>) => Promise<OpenedBus>;

/** Opens the bus at this address with a connection of its own. */
export async function openBusAt({ module, options }: BusAddress): Promise<OpenedBus> {
  const { openBus } = (await import(module)) as { readonly openBus: OpenBus };
  return openBus(options);
}
