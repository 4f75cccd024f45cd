import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError, ERRORS, type ErrorCode } from '../base/errors.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { LiveEvent } from '../../preload/contract.ts';
import type { AnyCallAnswer, AnyCallArgs, AnyCallName, AnyCallResult } from '../server/cli-calls.ts';
import { localKeyFile } from '../server/local-key.ts';
import { isHolderAlive, readDaemonLock, type DaemonHolder } from '../store/daemon-lock.ts';

/** What a command talks to: the running core, or the data directory itself when none runs. */
export interface Core {
  readonly running: boolean;
  /** Rejects with the AppError that the core answered. */
  call<N extends AnyCallName>(name: N, args: AnyCallArgs<N>): Promise<AnyCallResult<N>>;
  /** Hears what windows hear: a snapshot, then what changes; `onEnd` hears when that cannot be heard any more. Only on a running core. */
  watch(onEvent: (event: LiveEvent) => void, onEnd: (error: AppError) => void): Unsubscribe;
  /** Sends what waits in the outbox, where there is no running core that does; at most so long. */
  deliver(withinMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface OpenCoreOptions {
  readonly dataDir: string;
  readonly mode: 'running' | 'offline';
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (text: string) => void;
}

/** A core that is just starting says where it listens within this time. */
const START_TRIES = 100;
const START_WAIT_MS = 50;

/** Finds the running core of the data directory, or opens the directory itself where that is enough. Throws NOT_RUNNING. */
export async function openCore(options: OpenCoreOptions): Promise<Core> {
  const holder = await listeningHolder(options.dataDir);
  if (holder !== null) {
    const { HttpCore } = await import('./http-core.ts');
    return new HttpCore(holder, readLocalKey(options.dataDir));
  }
  if (options.mode === 'offline') {
    const { openOfflineCore } = await import('./offline-core.ts');
    return openOfflineCore(options);
  }
  throw new AppError('NOT_RUNNING', `Wheelhouse is not running on ${options.dataDir}. Start it with: wheelhouse serve (or open the application).`, { dataDir: options.dataDir });
}

/** Where the core of this data directory listens; null when none runs. */
async function listeningHolder(dataDir: string): Promise<{ readonly pid: number; readonly host: string; readonly port: number } | null> {
  let holder: DaemonHolder | null = null;
  for (let tries = 0; tries < START_TRIES; tries += 1) {
    holder = readDaemonLock(dataDir);
    if (holder === null || !isHolderAlive(holder)) return null;
    const { pid, host, port } = holder;
    if (host !== null && port !== null) return { pid, host, port };
    await wait(START_WAIT_MS);
  }
  throw new AppError('NOT_RUNNING', `Process ${holder?.pid ?? '?'} has ${dataDir} but does not listen yet. Look at the log in ${dataDir}/logs.`, { dataDir });
}

/** Throws FORBIDDEN when another user runs the core. */
function readLocalKey(dataDir: string): string {
  const file = localKeyFile(dataDir);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new AppError('FORBIDDEN', `${file} cannot be read (${(error as NodeJS.ErrnoException).code}): the core on ${dataDir} belongs to another user, or it is just ending.`, { file }, { cause: error });
  }
}

/** The result in an answer; throws the AppError in it. */
export function resultOf<N extends AnyCallName>(answer: AnyCallAnswer<N>): AnyCallResult<N> {
  if (answer.ok) return answer.result;
  const { code, message, details } = answer.error;
  throw new AppError(isErrorCode(code) ? code : 'INTERNAL', message, details);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
