import { SqliteBusStore } from '../../../main/bus/sqlite-store.ts';
import { busContract } from '../../support/bus-contract.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempStore } from '../../support/temp-store.ts';

busContract('SQLite', async () => {
  const clock = new FakeClock();
  const temp = makeTempStore(clock);
  const bus = new SqliteBusStore(temp.store, { clock, platform: 'linux', claimSilenceMs: 3_600_000, coordinator: 'Producer' });
  return { store: bus, clock, close: async () => temp.close() };
});
