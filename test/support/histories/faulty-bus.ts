import { systemClock } from '../../../main/base/clock.ts';
import { SqliteBusStore } from '../../../main/bus/sqlite-store.ts';
import type { BusStore } from '../../../main/bus/store.ts';
import { openStore } from '../../../main/store/open.ts';
import type { Store } from '../../../main/store/store.ts';
import type { OpenBus } from './open-bus.ts';

const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Mistakes that others have made (reference: defects of seed 001, double claims of other boards), planted on purpose. */
const FAULTS: Readonly<Record<string, (bus: BusStore, store: Store) => Partial<BusStore>>> = {
  'locks: check, then set': (bus, store) => ({
    async acquireLock(caller, input) {
      const { holders } = await bus.checkLock(caller, input);
      if (holders.length > 0) return bus.acquireLock(caller, input);
      await breathe();
      store.transact(() => store.db.prepare('DELETE FROM leases WHERE resource = ?').run(input.resource));
      return bus.acquireLock(caller, input);
    },
  }),
  'locks: anybody releases': (bus) => ({
    async releaseLock(caller, input) {
      const { holders } = await bus.checkLock(caller, input);
      return bus.releaseLock({ ...caller, sessionId: holders[0]?.session_id ?? caller.sessionId }, { resource: input.resource });
    },
  }),
  'locks: fences used again': (bus, store) => ({
    async releaseLock(caller, input) {
      const answer = await bus.releaseLock(caller, input);
      if (answer.released) store.transact(() => store.db.prepare("UPDATE counters SET value = value - 1 WHERE name = 'fence'").run());
      return answer;
    },
  }),
  'locks: repeated calls not known': (bus) => ({
    acquireLock: (caller, input) => bus.acquireLock(caller, { ...input, idempotency_key: undefined }),
    releaseLock: (caller, input) => bus.releaseLock(caller, { ...input, idempotency_key: undefined }),
  }),
  'tasks: check, then set': (bus, store) => ({
    async claimTask(caller, input) {
      const [task] = await bus.getTasks([input.task_id]);
      if (task?.status !== 'open') return bus.claimTask(caller, input);
      await breathe();
      store.transact(() => store.db.prepare("UPDATE tasks SET status = 'open', held_by_session = NULL WHERE id = ?").run(input.task_id));
      return bus.claimTask(caller, input);
    },
  }),
};

export const PLANTED = Object.keys(FAULTS);

/** The SQLite bus on `options.file` with the mistake `options.fault`. */
export const openBus: OpenBus = async ({ file, fault }) => {
  const store = openStore({
    file: file!,
    durability: 'normal',
    clock: systemClock,
    onListenerError: (error) => {
      throw error;
    },
  });
  const bus = new SqliteBusStore(store, { clock: systemClock, platform: 'linux', claimSilenceMs: null, coordinator: 'Producer' });
  const changed = FAULTS[fault!]!(bus, store);
  const faulty = new Proxy<BusStore>(bus, {
    get(target, name) {
      const method = Reflect.get(changed, name) ?? Reflect.get(target, name);
      return typeof method === 'function' ? (method as (...args: unknown[]) => unknown).bind(target) : method;
    },
  });
  return { store: faulty, close: async () => store.close() };
};

/** The module of {@link openBus}, for the threads of a history. */
export const faultyModule = import.meta.filename;
