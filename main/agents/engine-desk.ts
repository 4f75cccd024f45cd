import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import type { AgentImage, ImageStatus } from './agent-image.ts';
import type { ContainerLimits } from './container-spec.ts';
import type { EngineFacts } from './engine-report.ts';
import type { Engine } from './engine.ts';
import type { BuildProgress } from './image-build.ts';

/** The last build of the image, or the one that goes on. Times are wall time in ms. */
export interface BuildStatus extends BuildProgress {
  readonly state: 'running' | 'succeeded' | 'failed';
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly error: string | null;
}

/** What a person wants to know of the engine. */
export interface EngineStatus {
  readonly runner: 'container' | 'process';
  /** Null: none answers, see `problem`; or nobody has asked yet. */
  readonly facts: EngineFacts | null;
  readonly problem: { readonly cause: string; readonly cure: string } | null;
  /** Null: not known without an engine. */
  readonly image: ImageStatus | null;
  /** Null: none since the start. */
  readonly build: BuildStatus | null;
  /** For groups that name none of their own. */
  readonly limits: ContainerLimits;
  /** Wall time in ms; null: nobody has asked yet. */
  readonly checkedAt: number | null;
}

export interface EngineDeskParts {
  readonly engine: Engine;
  readonly image: AgentImage;
  readonly runner: EngineStatus['runner'];
  readonly limits: ContainerLimits;
  readonly clock: Clock;
  /** Hears how a build ended, for the activity log. */
  readonly record: (action: 'image_built' | 'image_failed', text: string) => void;
}

/** Answers the person's questions about the engine, and builds the image for them (OPS-01). */
export class EngineDesk {
  readonly #parts: EngineDeskParts;
  #status: EngineStatus;
  #building: Promise<void> | null = null;
  readonly #stopped = new AbortController();

  constructor(parts: EngineDeskParts) {
    this.#parts = parts;
    this.#status = { runner: parts.runner, facts: null, problem: null, image: null, build: null, limits: parts.limits, checkedAt: null };
  }

  /** What was found last; asks nobody. */
  get status(): EngineStatus {
    return this.#status;
  }

  /** Looks for the engine and the image now. Throws CONFIG_INVALID for an address that cannot be used. */
  async check(): Promise<EngineStatus> {
    const { engine, image, clock } = this.#parts;
    engine.forget();
    try {
      const { facts } = await engine.connect();
      this.#set({ facts, problem: null, image: await image.status(), checkedAt: clock.now() });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'ENGINE_UNAVAILABLE') throw error;
      const { cause, cure } = error.details as { readonly cause?: string; readonly cure?: string };
      this.#set({ facts: null, problem: { cause: cause ?? error.message, cure: cure ?? '' }, image: null, checkedAt: clock.now() });
    }
    return this.#status;
  }

  /** Begins to build the image, unless it is being built; how it goes is in {@link status}. */
  startBuild(): EngineStatus {
    this.#building ??= this.#build();
    return this.#status;
  }

  /** Ends a build that goes on. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#building;
  }

  async #build(): Promise<void> {
    const { clock, image, record } = this.#parts;
    const begun: BuildStatus = { state: 'running', step: 0, steps: 0, line: '', startedAt: clock.now(), endedAt: null, error: null };
    this.#set({ build: begun });
    try {
      await image.build((_line, progress) => this.#set({ build: { ...begun, ...progress } }), this.#stopped.signal);
      // Whoever waits for the end of the build finds the image there.
      await this.check();
      this.#set({ build: { ...this.#status.build!, state: 'succeeded', endedAt: clock.now() } });
      record('image_built', 'The image of the agents was built');
    } catch (error) {
      this.#set({ build: { ...this.#status.build!, state: 'failed', endedAt: clock.now(), error: (error as Error).message } });
      if (!this.#stopped.signal.aborted) record('image_failed', 'The image of the agents could not be built');
    } finally {
      this.#building = null;
    }
  }

  #set(changes: Partial<EngineStatus>): void {
    this.#status = { ...this.#status, ...changes };
  }
}
