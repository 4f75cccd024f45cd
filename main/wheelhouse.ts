import type { Clock } from './base/clock.ts';
import type { Unsubscribe } from './base/emitter.ts';
import type { Log } from './base/log.ts';
import type { Config, Secrets } from './config/schema.ts';
import type { AnyCallAnswer, AnyCallArgs, AnyCallName, CallSource } from './server/cli-calls.ts';
import type { AppInfo, LiveEvent } from '../preload/contract.ts';

export interface WheelhouseOptions {
  /** Absolute path; made with mode 0700 when it is missing. */
  readonly dataDir: string;
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  readonly mode: 'desktop' | 'headless';
  readonly version: string;
  /** Where the built windows are; null when this start serves none. */
  readonly rendererDir: string | null;
  readonly platform: NodeJS.Platform;
}

/** A running core: what the tray, the windows and the command line hold on to. */
export interface Wheelhouse {
  readonly info: AppInfo;
  /** What windows see: the listener gets one snapshot, then patches. */
  readonly live: { subscribe(listener: (event: LiveEvent) => void): Unsubscribe };
  /** Makes a call as the person at this machine. Never rejects: what went wrong is in the answer. */
  call<N extends AnyCallName>(name: N, args: AnyCallArgs<N>, source: CallSource): Promise<AnyCallAnswer<N>>;
  /** A link that opens the windows in a browser: good once, for ten minutes. */
  uiLink(): string;
  /** The machine woke up: looks at every deadline now. */
  resume(): void;
  /** Stops everything in reverse order; safe to call twice. */
  stop(): Promise<void>;
}

/** Throws DATA_DIR_UNUSABLE, ALREADY_RUNNING, DATABASE_*, CONFIG_INVALID, PORT_TAKEN; what was started is stopped again. */
export type StartWheelhouse = (options: WheelhouseOptions) => Promise<Wheelhouse>;
