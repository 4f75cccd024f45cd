import type { RunPlace, RunRequest } from './ports.ts';
import type { ProcessExit } from './run-end.ts';

export interface Launch {
  readonly request: RunRequest;
  /** What the agent reads from stdin: one JSON document, credentials included. Must appear nowhere else. */
  readonly stdin: string;
  /** Aborted when the run is no longer wanted; what was made until then is removed again. */
  readonly signal: AbortSignal;
  /**
   * To be called, and waited for, once no agent of an earlier start can be alive and before this one is: what is said to this
   * run goes into its mailbox from then on. Rejects with an AppError.
   */
  readonly alone: () => Promise<void>;
  /** Writes a line to the run log. */
  readonly note: (text: string) => void;
}

/** A process or a container that runs. */
export interface Launched {
  readonly place: RunPlace;
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  /** Resolves when it ended, or when nobody can say any more whether it did; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Asks it to end, with a signal that it can handle. Rejects when it could not be asked. */
  terminate(): Promise<void>;
  /** Ends it, and what it started, by force. Rejects when that could not be asked for. */
  kill(): Promise<void>;
  /** Ends both streams, whoever else still holds them open. */
  closeStreams(): void;
  /** It ended: removes what is left of it. Never rejects; what cannot be removed now is removed later. */
  dispose(): Promise<void>;
}

/** Starts agents somewhere. */
export interface Launcher {
  readonly what: 'container' | 'process';
  /** The most memory that a run of the group may use, in MiB; null: nobody limits it. */
  memoryLimitMb(request: RunRequest): number | null;
  /** Resolves when it runs and stdin was written. Rejects with an AppError that names cause and cure. */
  launch(launch: Launch): Promise<Launched>;
}
