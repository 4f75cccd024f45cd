import type { Clock, Timer } from '../base/clock.ts';
import { INSTALL_LABEL, RUN_LABEL } from './container-spec.ts';
import type { Engine } from './engine.ts';

export interface OrphansParts {
  readonly engine: Engine;
  readonly installId: string;
  readonly clock: Clock;
  /** Hears which containers were removed, by name. */
  readonly removed: (names: readonly string[]) => void;
  /** Hears why a sweep could not be done, once per reason; it is tried again. */
  readonly failed: (error: unknown) => void;
}

const FIRST_RETRY_MS = 5000;
const LONGEST_RETRY_MS = 60_000;

/**
 * Removes the containers of this installation that no run of this process owns (OPS-02 of seed 002): what a crash left
 * behind, and what could not be removed while the engine was away. Others' containers are never touched.
 */
export class Orphans {
  readonly #parts: OrphansParts;
  readonly #owned = new Set<string>();
  #sweeping: Promise<boolean> | null = null;
  #clean = false;
  #retry: Timer | null = null;
  #retryMs = FIRST_RETRY_MS;
  #stopped = false;
  #told: string | null = null;

  constructor(parts: OrphansParts) {
    this.#parts = parts;
  }

  /** Begins the first sweep; while no engine answers it is repeated, ever less often, at most each minute. */
  start(): void {
    void this.#attempt();
  }

  /** Resolves when nothing of an earlier process runs any more. Rejects when the engine does not answer. */
  async swept(): Promise<void> {
    if (this.#clean) return;
    await this.sweep();
  }

  /** The run of this id is ours and lives: its container is no orphan. */
  claim(runId: string): void {
    this.#owned.add(runId);
  }

  release(runId: string): void {
    this.#owned.delete(runId);
  }

  /** Something could not be removed just now. */
  sweepLater(): void {
    this.#clean = false;
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#retry?.cancel();
  }

  /** Removes all orphans now. Rejects when the engine does not answer. */
  async sweep(): Promise<void> {
    const { client } = await this.#parts.engine.connect();
    const containers = await client.list(`${INSTALL_LABEL}=${this.#parts.installId}`);
    const orphans = containers.filter(({ Labels }) => !this.#owned.has(Labels[RUN_LABEL] ?? ''));
    const results = await Promise.allSettled(
      orphans.map(async ({ Id, Names }) => {
        // At once: nobody listens to what it would still say. Removing alone would let some engines wait for it.
        await client.kill(Id, 'SIGKILL');
        await client.remove(Id);
        return (Names[0] ?? Id).replace(/^\//, '');
      }),
    );
    const names = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (names.length > 0) this.#parts.removed(names);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason as Error;
    this.#clean = true;
    this.#told = null;
    this.#retryMs = FIRST_RETRY_MS;
  }

  async #attempt(): Promise<boolean> {
    const sweeping = (this.#sweeping ??= this.sweep().then(
      () => true,
      (error: unknown) => {
        const reason = (error as Error).message;
        if (reason !== this.#told) this.#parts.failed(error);
        this.#told = reason;
        this.#parts.engine.forget();
        this.#arm();
        return false;
      },
    ));
    const done = await sweeping;
    this.#sweeping = null;
    return done;
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#retry?.cancel();
    this.#retry = this.#parts.clock.setTimer(this.#retryMs, () => void this.#attempt());
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }
}
