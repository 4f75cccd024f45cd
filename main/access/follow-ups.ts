import type { Clock, Timer } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';

/** What everybody must hear, whatever channel carries it. Told at least once, also when the program dies in between. */
export interface Notice {
  readonly type: 'KILL_SWITCH_ACTIVATED' | 'KILL_SWITCH_RECOVERY_STARTED' | 'KILL_SWITCH_RECOVERY_CANCELLED' | 'KILL_SWITCH_RECOVERED';
  /** ISO 8601. */
  readonly at: string;
  /** One sentence for people. */
  readonly text: string;
  /** The steps of the activation that did not work so far. */
  readonly failedSteps: readonly string[];
}

/** Something that a pulled kill switch stops outside the database. Runs again after a failure or a crash, so twice must do no harm. */
export interface StopStep {
  readonly name: string;
  run(): Promise<void>;
}

export interface FollowUpsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly steps: readonly StopStep[];
  /** Whether the kill switch is on; steps that are still pending when it is not are dropped. */
  readonly active: () => boolean;
  readonly announce: (notice: Notice) => Promise<void>;
  /** Hears why something did not work; it is tried again. */
  readonly report: (what: string, error: unknown) => void;
}

interface Pending {
  readonly steps: readonly string[];
  readonly notices: readonly Omit<Notice, 'failedSteps'>[];
}

const KEY = 'kill_switch_follow_up';
const RETRY_MS = 60_000;

/**
 * What follows a change of the kill switch after its commit, best effort (DESIGN §6). The list commits with the change
 * and gets shorter with each thing done, so that an interrupted cascade is finished at the next start.
 */
export class FollowUps {
  readonly #parts: FollowUpsParts;
  #work: Promise<void> = Promise.resolve();
  #retry: Timer | null = null;
  #stopped = false;
  /** Steps whose failure stands in the log already. */
  readonly #lamented = new Set<string>();

  constructor(parts: FollowUpsParts) {
    this.#parts = parts;
  }

  /** Adds to the list, inside the transaction of the change: the notice, and with `run` every stop step. */
  plan(tx: Tx, change: { readonly steps: 'run' | 'keep'; readonly notice: Omit<Notice, 'failedSteps'> }): void {
    const before = this.#read();
    const steps = change.steps === 'run' ? this.#parts.steps.map(({ name }) => name) : before.steps;
    this.#write(tx.now, { steps, notices: [...before.notices, change.notice] });
  }

  /** Does what is on the list; resolves when each has been tried. Never rejects: what fails is reported and tried again. */
  async run(): Promise<void> {
    if (this.#stopped) return;
    this.#work = this.#work.then(async () => this.#runAll());
    await this.#work;
  }

  /** Waits until what was begun or asked for has been tried once; nothing is tried again afterwards. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    await this.#work;
  }

  async #runAll(): Promise<void> {
    this.#retry?.cancel();
    this.#retry = null;
    try {
      const failedSteps = await this.#runSteps();
      await this.#announceAll(failedSteps);
    } catch (error) {
      this.#parts.report('what follows a change of the kill switch', error);
    }
    this.#retryLater();
  }

  /** All at once, because one that hangs must not keep the others running. Returns the names of those that failed. */
  async #runSteps(): Promise<readonly string[]> {
    if (!this.#parts.active()) this.#change((pending) => ({ ...pending, steps: [] }));
    const outcomes = await Promise.all(this.#read().steps.map(async (name) => ({ name, failed: !(await this.#runStep(name)) })));
    return outcomes.filter(({ failed }) => failed).map(({ name }) => name);
  }

  async #runStep(name: string): Promise<boolean> {
    const step = this.#parts.steps.find((known) => known.name === name);
    try {
      await step?.run();
    } catch (error) {
      this.#parts.report(`kill switch: ${name}`, error);
      this.#lament(name, error);
      return false;
    }
    this.#change((pending) => ({ ...pending, steps: pending.steps.filter((other) => other !== name) }));
    return true;
  }

  async #announceAll(failedSteps: readonly string[]): Promise<void> {
    for (const notice of this.#read().notices) {
      await this.#parts.announce({ ...notice, failedSteps });
      this.#change((pending) => ({ ...pending, notices: pending.notices.slice(1) }));
    }
  }

  #lament(name: string, error: unknown): void {
    if (this.#lamented.has(name)) return;
    this.#lamented.add(name);
    const why = error instanceof Error ? error.message : String(error);
    this.#parts.store.transact((tx) => {
      tx.event({ kind: 'kill_switch', action: 'step_failed', text: `The kill switch is on, but this did not work yet: ${name} (${why})`, data: { step: name } });
    });
  }

  #retryLater(): void {
    const { steps, notices } = this.#read();
    if (this.#stopped || steps.length + notices.length === 0) return;
    this.#retry = this.#parts.clock.setTimer(RETRY_MS, () => void this.run());
  }

  #change(next: (pending: Pending) => Pending): void {
    this.#parts.store.transact((tx) => this.#write(tx.now, next(this.#read())));
  }

  /** A damaged list counts as everything still to be stopped: stopping twice does no harm. */
  #read(): Pending {
    const stored = this.#parts.store.db.prepare('SELECT value FROM system_state WHERE key = ?').pluck().get(KEY) as string | undefined;
    if (stored === undefined) return { steps: [], notices: [] };
    try {
      const { steps, notices } = JSON.parse(stored) as Partial<Pending>;
      if (Array.isArray(steps) && Array.isArray(notices)) return { steps: steps.map(String), notices };
    } catch {
      // Falls through to the answer for a damaged list.
    }
    return { steps: this.#parts.steps.map(({ name }) => name), notices: [] };
  }

  #write(now: number, pending: Pending): void {
    const { db } = this.#parts.store;
    if (pending.steps.length + pending.notices.length === 0) db.prepare('DELETE FROM system_state WHERE key = ?').run(KEY);
    else db.prepare('INSERT OR REPLACE INTO system_state (key, value, updated_at) VALUES (?,?,?)').run(KEY, JSON.stringify(pending), now);
  }
}
