import { onTestFinished } from 'vitest';
import type { BusStore } from '../../../main/bus/store.ts';
import type { AcquireLock, Caller, LockAcquired, LogEvent } from '../../../main/bus/types.ts';
import type { FakeClock } from '../fake-clock.ts';
import type { MakeBus } from './make-bus.ts';

export type Granted = Extract<LockAcquired, { acquired: true }>;
export type Refused = Extract<LockAcquired, { acquired: false }>;

/** The calls that tests of locks make, with defaults, on a fresh bus. */
export interface LockBus {
  readonly store: BusStore;
  readonly clock: FakeClock;
  /** What each commit so far logged about locks, one list per commit. */
  readonly commits: (readonly LogEvent[])[];
  acquire(caller: Caller, resource: string, more?: Partial<AcquireLock>): Promise<LockAcquired>;
  /** Acquires and fails the test unless it was granted at once. */
  hold(caller: Caller, resource: string, more?: Partial<AcquireLock>): Promise<Granted>;
  /** Acquires with a wait and fails the test unless it was queued. */
  queue(caller: Caller, resource: string, more?: Partial<AcquireLock>): Promise<Refused>;
  /** Who holds what: `resource: session, …`. */
  holders(): Promise<Record<string, string[]>>;
  /** The sessions in the queues, oldest first. */
  waiters(): Promise<string[]>;
  /** The texts of the log lines about locks. */
  lines(): string[];
}

export async function openLocks(make: MakeBus): Promise<LockBus> {
  const { store, clock, close } = await make();
  onTestFinished(() => close());
  const commits: (readonly LogEvent[])[] = [];
  store.subscribe((events) => void commits.push(events.filter((event) => event.kind === 'lock')));
  const acquire: LockBus['acquire'] = (caller, resource, more = {}) =>
    store.acquireLock(caller, { resource, ttl_sec: 300, mode: 'exclusive', wait_sec: 0, ...more });
  return {
    store,
    clock,
    commits,
    acquire,
    async hold(caller, resource, more) {
      const answer = await acquire(caller, resource, more);
      if (!answer.acquired) throw new Error(`${caller.sessionId} was refused ${resource}: ${answer.hint}`);
      return answer;
    },
    async queue(caller, resource, more) {
      const answer = await acquire(caller, resource, { wait_sec: 20, ...more });
      if (answer.acquired || answer.ticket === null) throw new Error(`${caller.sessionId} was not queued for ${resource}`);
      return answer;
    },
    async holders() {
      const found: Record<string, string[]> = {};
      for (const lease of (await store.listLocks()).locks) (found[lease.resource] ??= []).push(lease.session_id);
      return found;
    },
    async waiters() {
      return (await store.listLocks()).waiters.map((waiter) => waiter.session_id);
    },
    lines: () => commits.flat().map((event) => event.text),
  };
}
