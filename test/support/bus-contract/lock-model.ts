import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BusStore } from '../../../main/bus/store.ts';
import type { Caller, LockMode, LogEvent } from '../../../main/bus/types.ts';
import type { FakeClock } from '../fake-clock.ts';
import { callerIn } from './callers.ts';
import type { MakeBus } from './make-bus.ts';

/** The resources of the model with what each covers, from which overlap follows without the code under test. */
const COVERS: Readonly<Record<string, readonly string[]>> = {
  compose: ['compose'],
  'path:src/**': ['src', 'src/a.ts', 'src/c.ts', 'src/x/c.ts'],
  'path:src/*.ts': ['src/a.ts', 'src/c.ts'],
  'path:src/a.ts': ['src/a.ts'],
  'path:**/c.ts': ['src/c.ts', 'src/x/c.ts', 'docs/c.ts'],
  'path:docs/**': ['docs', 'docs/c.ts'],
};
const overlap = (a: string, b: string): boolean => COVERS[a]!.some((path) => COVERS[b]!.includes(path));

interface Wish {
  readonly resource: string;
  readonly session: string;
  readonly mode: LockMode;
}
interface Held extends Wish {
  readonly lease: string;
  readonly fence: number;
}
interface Waiting extends Wish {
  readonly ticket: number;
}
const conflict = (a: Wish, b: Wish): boolean =>
  a.session !== b.session && (a.mode === 'exclusive' || b.mode === 'exclusive') && overlap(a.resource, b.resource);

/** What the log told so far, and how long each place waits, from which every rule is checked after each step. */
class Witness {
  readonly store: BusStore;
  readonly clock: FakeClock;
  readonly #untold: LogEvent[] = [];
  leases: Held[] = [];
  places: Waiting[] = [];
  readonly #waitsUntil = new Map<number, number>();
  #lastFence = 0;
  /** Whether a session ever did something else while it waited: then a circle may close unseen (lock-rules.ts). */
  #twoMinded = false;

  constructor(store: BusStore, clock: FakeClock) {
    this.store = store;
    this.clock = clock;
    store.subscribe((events) => void this.#untold.push(...events.filter((event) => event.kind === 'lock')));
  }

  waits(ticket: number, seconds: number): void {
    this.#waitsUntil.set(ticket, Math.max(this.#waitsUntil.get(ticket) ?? 0, this.clock.now() + seconds * 1000));
  }
  holds({ sessionId }: Caller, resource: string): boolean {
    return this.leases.some((lease) => lease.session === sessionId && lease.resource === resource);
  }
  isWaiting(session: string): boolean {
    return this.places.some((place) => place.session === session && this.#active(place.ticket));
  }
  stops(session: string, resource: string): void {
    for (const place of this.places) {
      if (place.session === session && place.resource === resource) this.#waitsUntil.set(place.ticket, this.clock.now());
    }
  }

  /** Replays the log onto what was known and compares it with the store. */
  async check(): Promise<void> {
    for (const event of this.#untold.splice(0)) this.#replay(event);
    const { locks, waiters } = await this.store.listLocks();
    const held = locks.map((lease) => ({ resource: lease.resource, session: lease.session_id, mode: lease.mode, lease: lease.lease_id, fence: lease.fence }));
    const byFence = (a: Held, b: Held): number => a.fence - b.fence;
    expect(this.leases.sort(byFence)).toEqual(held.sort(byFence));
    const places = waiters.map((waiter) => ({ resource: waiter.resource, session: waiter.session_id, mode: waiter.mode, ticket: waiter.ticket }));
    expect(this.places.map((place) => place.ticket)).toEqual(places.map((place) => place.ticket));
    this.places = places;
    for (const place of places) {
      if (this.#active(place.ticket)) expect(this.#blocked(place, place.ticket), `ticket ${place.ticket} could be granted`).toBe(true);
    }
    const sessions = places.filter((place) => this.#active(place.ticket)).map((place) => place.session);
    this.#twoMinded ||= new Set(sessions).size < sessions.length;
    if (!this.#twoMinded) this.#expectNoCircle();
  }

  #replay({ action, data }: LogEvent): void {
    const { resource, session_id, mode, ticket, lease_id, fence } = data as {
      resource: string;
      session_id: string;
      mode: LockMode;
      ticket: number | null;
      lease_id: string;
      fence: number;
    };
    const wish: Wish = { resource, session: session_id, mode };
    switch (action) {
      case 'acquired':
      case 'granted':
        expect(fence, 'fences grow').toBeGreaterThan(this.#lastFence);
        this.#lastFence = fence;
        expect(this.#blocked(wish, ticket ?? this.#placeOf(wish)), `${session_id} was granted ${resource} out of turn`).toBe(false);
        this.#twoMinded ||= this.places.some((place) => place.session === session_id && place.ticket !== ticket && this.#active(place.ticket));
        this.leases = this.leases.filter((lease) => lease.session !== session_id || lease.resource !== resource);
        this.leases.push({ ...wish, lease: lease_id, fence });
        this.places = this.places.filter((place) => place.ticket !== ticket);
        return;
      case 'released':
      case 'expired':
      case 'forced':
        this.#twoMinded ||= this.isWaiting(session_id);
        this.leases = this.leases.filter((lease) => lease.lease !== lease_id);
        return;
      case 'queued':
        this.places.push({ ...wish, ticket: ticket! });
        return;
      case 'left':
        this.places = this.places.filter((place) => place.ticket !== ticket);
        return;
      case 'renewed':
        expect(this.leases.find((lease) => lease.lease === lease_id)?.fence).toBe(fence);
        return;
      default:
        throw new Error(`an event of unknown action ${action}`);
    }
  }

  #active(ticket: number): boolean {
    return (this.#waitsUntil.get(ticket) ?? Infinity) > this.clock.now();
  }

  /** Who stands in the way of a wish with this place in the queue. */
  #inTheWay(wish: Wish, ticket: number): readonly Wish[] {
    const own = this.leases.filter((lease) => lease.session === wish.session);
    const others = this.leases.filter((lease) => conflict(lease, wish));
    if (own.some((lease) => lease.resource === wish.resource)) return others;
    const ahead = this.places.filter(
      (place) => place.ticket < ticket && this.#active(place.ticket) && conflict(place, wish) && !own.some((lease) => conflict(lease, place)),
    );
    return [...others, ...ahead];
  }
  /** A session asks from the place that it has on the resource. */
  #placeOf({ session, resource }: Wish): number {
    return this.places.find((place) => place.session === session && place.resource === resource)?.ticket ?? Infinity;
  }
  #blocked(wish: Wish, ticket: number): boolean {
    return this.#inTheWay(wish, ticket).length > 0;
  }

  /** Nobody waits for a lease of somebody who waits, and so on, for him. */
  #expectNoCircle(): void {
    const waiting = this.places.filter(({ ticket }) => this.#active(ticket));
    const next = ({ ticket, ...wish }: Waiting): readonly Waiting[] =>
      this.#inTheWay(wish, ticket).flatMap((one) => ('ticket' in one ? [one as Waiting] : waiting.filter((place) => place.session === one.session)));
    for (const start of waiting) {
      const reached = new Set(next(start));
      for (const place of reached) for (const one of next(place)) reached.add(one);
      expect(reached.has(start), `ticket ${start.ticket} waits for itself`).toBe(false);
    }
  }
}

interface Step {
  /** The session that acts; null when somebody else does. */
  readonly by: string | null;
  run(witness: Witness): Promise<void>;
  /** What fast-check shows of it. */
  [fc.toStringMethod](): string;
}
const step = (by: string | null, what: string, run: Step['run']): Step => ({ by, run, [fc.toStringMethod]: () => `${by ?? ''} ${what}` });

const callers: readonly Caller[] = ['fe-1', 'fe-2', 'be-1', 'ai-1'].map((session) => callerIn(session.slice(0, 2).toUpperCase(), session));
const who = fc.constantFrom(...callers);
const what = fc.constantFrom(...Object.keys(COVERS));

const asks = fc
  .tuple(who, what, fc.constantFrom<LockMode>('exclusive', 'shared'), fc.constantFrom(0, 5, 20, 50, 50), fc.constantFrom(5, 30, 300))
  .map(([caller, resource, mode, wait_sec, ttl_sec]) =>
    step(caller.sessionId, `asks for ${resource}, ${mode}, for ${ttl_sec} s, waiting ${wait_sec} s`, async (witness) => {
      try {
        const answer = await witness.store.acquireLock(caller, { resource, mode, wait_sec, ttl_sec });
        if (!answer.acquired && wait_sec > 0) witness.waits(answer.ticket!, wait_sec);
      } catch (error) {
        expect(error).toMatchObject({ code: 'DEADLOCK' });
      }
    }),
  );
const releases = fc.tuple(who, what).map(([caller, resource]) =>
  step(caller.sessionId, `releases ${resource}`, async (witness) => {
    const released = witness.holds(caller, resource);
    expect(await witness.store.releaseLock(caller, { resource })).toMatchObject({ released });
  }),
);
const renews = fc.tuple(who, what).map(([caller, resource]) =>
  step(caller.sessionId, `renews ${resource}`, async (witness) => {
    const renewed = witness.holds(caller, resource);
    expect(await witness.store.heartbeatLock(caller, { resource, ttl_sec: 30 })).toMatchObject({ renewed });
  }),
);
const stops = fc.tuple(who, what).map(([caller, resource]) =>
  step(caller.sessionId, `stops waiting for ${resource}`, async (witness) => {
    witness.stops(caller.sessionId, resource);
    await witness.store.stopWaiting(caller, resource);
  }),
);
const ends = who.map(({ sessionId }) => step(sessionId, 'ends', ({ store }) => store.endSession(sessionId, 'session revoked')));
const forces = what.map((resource) =>
  step(null, `${resource} is taken away`, async ({ store, leases }) => {
    const force = store.forceReleaseLock(callerIn('Producer'), { resource, reason: 'stuck' });
    const held = leases.some((lease) => lease.resource === resource);
    await (held ? force : expect(force).rejects.toMatchObject({ code: 'LOCK_NOT_HELD' }));
  }),
);
const passes = fc.constantFrom(1, 4000, 5000, 20_000, 30_000, 300_000).map((ms) =>
  step(null, `${ms} ms pass`, async ({ store, clock }) => {
    clock.jump(ms);
    await store.sweep();
  }),
);
const steps = fc.oneof(
  { weight: 10, arbitrary: asks },
  { weight: 3, arbitrary: releases },
  { weight: 1, arbitrary: renews },
  { weight: 1, arbitrary: stops },
  { weight: 1, arbitrary: ends },
  { weight: 1, arbitrary: forces },
  { weight: 1, arbitrary: passes },
);

/**
 * Random histories on a few overlapping resources. After every step: the log replayed is the state; no conflicting
 * leases; fences only grew; whoever was granted stood first; whoever waits is held up by somebody; nobody waits in a circle.
 * In half of them a session that waits does nothing else, as an agent with one call at a time.
 */
export function lockModelContract(make: MakeBus): void {
  test('keeps its promises through any history', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 80, size: 'max' }), fc.boolean(), async (history, patient) => {
        const { store, clock, close } = await make();
        try {
          const witness = new Witness(store, clock);
          for (const { by, run } of history) {
            if (patient && by !== null && witness.isWaiting(by)) continue;
            await run(witness);
            await witness.check();
          }
        } finally {
          await close();
        }
      }),
      { numRuns: 60 },
    );
  });
}
