import type { WatchedChunk } from '../agents/run-watch.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { LogEvent } from '../bus/types.ts';
import type { LiveEvent, Patch } from '../../preload/contract.ts';
import { Board } from './board.ts';
import type { Report } from './error-answer.ts';
import { OutputBatch } from './output-batch.ts';
import { idsOf, SNAPSHOT_LIMITS, type ReadModel } from './read-model.ts';

/** Changes that come within this time go out as one patch. */
const BATCH_MS = 80;
const RECOVER_MS = 5000;

export interface LiveFeedParts {
  readonly model: ReadModel;
  readonly clock: Clock;
  /** Hears the log lines of every commit, in order, after it. */
  readonly onEvents: (listener: (events: readonly LogEvent[]) => void) => Unsubscribe;
  /** Hears what live runs print. */
  readonly onOutput: (listener: (chunk: WatchedChunk) => void) => Unsubscribe;
  readonly report: Report;
}

type Listener = (event: LiveEvent) => void;

/**
 * What windows see (DESIGN §14): a listener gets one snapshot and then patches with what changed, read anew. Snapshots
 * and patches are made one after another, so that a patch is never older than the snapshot before it. Costs nothing
 * while nobody listens.
 */
export class LiveFeed {
  readonly #parts: LiveFeedParts;
  /** Everybody who subscribed; `ready` have their snapshot. */
  readonly #listeners = new Set<Listener>();
  readonly #ready = new Set<Listener>();
  #unsubscribe: Unsubscribe | null = null;
  readonly #output: OutputBatch;
  #pending: LogEvent[] = [];
  #timer: Timer | null = null;
  #board = new Board([]);
  #work: Promise<void> = Promise.resolve();

  constructor(parts: LiveFeedParts) {
    this.#parts = parts;
    this.#output = new OutputBatch({ clock: parts.clock, onOutput: parts.onOutput, send: (event) => this.#tellReady(event) });
  }

  /** `listener` hears the snapshot as soon as it is read, then patches. Returns what ends it. */
  subscribe(listener: (event: LiveEvent) => void): Unsubscribe {
    const own: Listener = (event) => listener(event);
    this.#listeners.add(own);
    this.#unsubscribe ??= this.#parts.onEvents((events) => this.#changed(events));
    this.#output.start();
    this.#queue('a snapshot for a window', async () => this.#sendSnapshot(own));
    return () => this.#remove(own);
  }

  /** Tells what happened last, then ends every subscription. */
  async close(): Promise<void> {
    this.#queue('the last change for the windows', async () => this.#sendPatch());
    await this.#work;
    for (const listener of [...this.#listeners]) this.#remove(listener);
    await this.#work;
  }

  #remove(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#ready.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#output.stop();
    this.#timer?.cancel();
    this.#timer = null;
    this.#pending = [];
  }

  #changed(events: readonly LogEvent[]): void {
    this.#pending.push(...events);
    this.#timer ??= this.#parts.clock.setTimer(BATCH_MS, () => {
      this.#timer = null;
      this.#queue('a change for the windows', async () => this.#sendPatch());
    });
  }

  async #sendSnapshot(listener: Listener): Promise<void> {
    if (!this.#listeners.has(listener)) return;
    const { snapshot, board } = await this.#parts.model.snapshot();
    this.#board = board;
    if (!this.#listeners.has(listener)) return;
    this.#ready.add(listener);
    this.#tell(listener, { type: 'snapshot', snapshot });
  }

  async #sendPatch(): Promise<void> {
    const events = this.#pending;
    this.#pending = [];
    if (events.length === 0 || this.#ready.size === 0) return;
    const patch = await this.#patchFor(events);
    this.#tellReady({ type: 'patch', patch });
  }

  #tellReady(event: LiveEvent): void {
    for (const listener of [...this.#ready]) this.#tell(listener, event);
  }

  async #patchFor(events: readonly LogEvent[]): Promise<Patch> {
    const { model } = this.#parts;
    const touched = (kind: string): readonly number[] => [...new Set(events.filter((event) => event.kind === kind).flatMap(idsOf))];
    const kinds = new Set(events.map((event) => event.kind));
    const [agents, tasks, messages, lockList] = await Promise.all([
      model.agents(),
      model.tasks(touched('task')),
      model.messages(touched('message').slice(-SNAPSHOT_LIMITS.messages)),
      model.locks(),
    ]);
    this.#board.apply(tasks);
    const schedulePatch = model.schedulePatch(events);
    return {
      events: events.slice(-SNAPSHOT_LIMITS.events),
      // Whatever happened was a sign of life of somebody.
      agents,
      ...(await model.statusAndRoles(this.#board, lockList.locks)),
      ...(tasks.length > 0 && { tasks }),
      ...(messages.length > 0 && { messages }),
      ...(kinds.has('lock') && { locks: lockList.locks, waiters: lockList.waiters }),
      ...(kinds.has('completion') && { completions: model.completions(touched('completion').slice(-SNAPSHOT_LIMITS.completions)), completionFolders: model.completionFolders() }),
      ...(kinds.has('session') && { sessions: model.sessions(), renewals: model.renewals() }),
      ...(['channel', 'chat'].some((kind) => kinds.has(kind)) && { channels: model.channels() }),
      ...(['chat', 'group', 'run'].some((kind) => kinds.has(kind)) && { chats: model.chats() }),
      ...(kinds.has('group') && { groups: model.groups() }),
      // Whether something may start depends on all of these.
      ...(['run', 'group', 'agent', 'kill_switch'].some((kind) => kinds.has(kind)) && { runs: model.runs() }),
      ...(['kill_switch', 'agent', 'system'].some((kind) => kinds.has(kind)) && { killSwitch: model.killSwitch() }),
      ...(['notification', 'settings'].some((kind) => kinds.has(kind)) && { notices: model.notices() }),
      ...(schedulePatch !== null && { schedulePatch }),
      ...(kinds.has('settings') && { settings: model.settings() }),
    };
  }

  #tell(listener: Listener, event: LiveEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#parts.report('telling a window', error);
    }
  }

  #queue(what: string, work: () => Promise<void>): void {
    this.#work = this.#runAfter(this.#work, what, work);
  }

  async #runAfter(earlier: Promise<void>, what: string, work: () => Promise<void>): Promise<void> {
    await earlier;
    try {
      await work();
    } catch (error) {
      this.#parts.report(what, error);
      this.#recover();
    }
  }

  /** After a failure windows have missed something, so everybody gets a fresh snapshot. */
  #recover(): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.setTimer(RECOVER_MS, () => {
      this.#timer = null;
      this.#pending = [];
      for (const listener of this.#listeners) this.#queue('a snapshot for a window', async () => this.#sendSnapshot(listener));
    });
  }
}
