import { systemClock } from '../../../main/base/clock.ts';
import { SqliteBusStore } from '../../../main/bus/sqlite-store.ts';
import { openStore } from '../../../main/store/open.ts';
import { makeTempDir } from '../temp-dir.ts';
import type { BusAddress, OpenBus } from './open-bus.ts';

/** A bus on `options.file` with the system's clock; claims never go silent. */
export const openBus: OpenBus = async ({ file }) => {
  const store = openStore({
    file: file!,
    durability: 'normal',
    clock: systemClock,
    onListenerError: (error) => {
      throw error;
    },
  });
  const bus = new SqliteBusStore(store, { clock: systemClock, platform: 'linux', claimSilenceMs: null, coordinator: 'Producer' });
  return { store: bus, close: async () => store.close() };
};

/** Where the threads of a test find a new database; `remove` deletes it. */
export function makeSqliteAddress(): BusAddress & { remove(): void } {
  const dir = makeTempDir();
  return { module: import.meta.filename, options: { file: `${dir.path}/wheelhouse.db` }, remove: dir.remove };
}
