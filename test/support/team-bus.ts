import { TeamBus, type TeamBusOptions } from '../../main/bus/bus.ts';
import { SqliteBusStore } from '../../main/bus/sqlite-store.ts';
import { AppError } from '../../main/base/errors.ts';
import { FakeClock } from './fake-clock.ts';
import { makeTempStore } from './temp-store.ts';

/** A bus on a real database with a clock that tests move, started unless said otherwise. `lock` pulls the kill switch. */
export function makeTeamBus({ started = true, ...options }: Partial<TeamBusOptions> & { readonly started?: boolean } = {}) {
  const clock = new FakeClock();
  const temp = makeTempStore(clock);
  const store = new SqliteBusStore(temp.store, { clock, platform: 'linux', claimSilenceMs: 3_600_000, coordinator: 'Producer' });
  const faults: { readonly what: string; readonly error: unknown }[] = [];
  let locked = false;
  const bus = new TeamBus({
    store,
    clock,
    guard: {
      assertOperational() {
        if (locked) throw new AppError('SYSTEM_LOCKED');
      },
    },
    roles: ['FE', 'BE', 'AI', 'Producer'],
    coordinator: 'Producer',
    maxMessageBytes: 65_536,
    lockTtlSec: 300,
    retention: { maxMessages: null, messageDays: null, maxEvents: null, eventDays: null, idempotencyHours: 24 },
    onError: (what, error) => faults.push({ what, error }),
    ...options,
  });
  if (started) bus.start();
  return {
    bus,
    store,
    clock,
    faults,
    file: temp.file,
    lock: () => (locked = true),
    async close() {
      await bus.stop();
      temp.close();
    },
  };
}

/** Lets everything that is ready to run, run. */
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
