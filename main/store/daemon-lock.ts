import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { AppError } from '../base/errors.ts';
import { iso, type Clock } from '../base/clock.ts';
import { tryProcessLock, type ProcessLock } from '../base/process-lock.ts';
import { requireFolder } from './database-files.ts';
import { isProcessAlive, processIdentity } from './process-identity.ts';
import { explainSqliteError } from './sqlite-errors.ts';

const Holder = z.object({
  pid: z.int().positive(),
  startedAt: z.iso.datetime(),
  host: z.string().nullable(),
  /** Null until the server listens. */
  port: z.int().nullable(),
  /** See `processIdentity`. */
  process: z.string().nullable(),
});

/** Who runs on a data directory, as `daemon.lock` tells it. */
export type DaemonHolder = Readonly<z.infer<typeof Holder>>;

/** The right to run on a data directory. */
export interface DaemonLock {
  /**
   * Whether the run before this one did not end properly, as after a crash or a power cut. Stays true for later starts
   * until one succeeds, so that the damage which stopped this start is looked for again.
   */
  readonly afterCrash: boolean;
  /** Tells others where the server listens, which means that the start succeeded. */
  update(where: { readonly host: string; readonly port: number }): Promise<void>;
  /** Gives the right back; safe to call twice. */
  release(): void;
}

export interface DaemonLockOptions {
  readonly dataDir: string;
  readonly clock: Clock;
}

/** A winner writes its name a moment after it won; losers wait this long for it. */
const NAME_TRIES = 20;
const NAME_WAIT_MS = 25;

/** Where the holder stands, for people and other programs. */
export function daemonLockFile(dataDir: string): string {
  return join(dataDir, 'daemon.lock');
}

/**
 * Takes the right to run on the data directory; exactly one process has it. Rejects with ALREADY_RUNNING, which names the
 * holder. The right itself is a {@link tryProcessLock}, which ends with its process; `daemon.lock` only tells who it is.
 */
export async function acquireDaemonLock({ dataDir, clock }: DaemonLockOptions): Promise<DaemonLock> {
  const mutex = takeMutex(join(dataDir, 'data', 'daemon.mutex'));
  if (mutex === null) throw alreadyRunning(dataDir, await waitForHolder(dataDir));
  const file = daemonLockFile(dataDir);
  try {
    const afterCrash = existsSync(file);
    const self = { pid: process.pid, startedAt: iso(clock.now()), process: processIdentity(process.pid) };
    const write = async (host: string | null, port: number | null): Promise<void> =>
      writeFileAtomic(file, `${JSON.stringify({ ...self, host, port })}\n`, { mode: 0o600 });
    await write(null, null);
    let recovered = !afterCrash;
    return {
      afterCrash,
      update: async ({ host, port }) => {
        await write(host, port);
        recovered = true;
      },
      release: () => {
        if (!mutex.held) return;
        if (recovered) rmSync(file, { force: true });
        else writeFileSync(file, '');
        mutex.release();
      },
    };
  } catch (error) {
    mutex.release();
    throw error;
  }
}

/** What `daemon.lock` says; null when there is none or it cannot be read as one. */
export function readDaemonLock(dataDir: string): DaemonHolder | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(daemonLockFile(dataDir), 'utf-8')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Whether the process that wrote `daemon.lock` is still the one with that id. */
export function isHolderAlive(holder: DaemonHolder): boolean {
  if (!isProcessAlive(holder.pid)) return false;
  const identity = processIdentity(holder.pid);
  return holder.process === null || identity === null || identity === holder.process;
}

function takeMutex(file: string): ProcessLock | null {
  requireFolder(file);
  try {
    return tryProcessLock(file);
  } catch (error) {
    throw explainSqliteError(error, file);
  }
}

async function waitForHolder(dataDir: string): Promise<DaemonHolder | null> {
  for (let tries = 0; tries < NAME_TRIES; tries += 1) {
    const holder = readDaemonLock(dataDir);
    if (holder && isHolderAlive(holder)) return holder;
    await wait(NAME_WAIT_MS);
  }
  return readDaemonLock(dataDir);
}

function alreadyRunning(dataDir: string, holder: DaemonHolder | null): AppError {
  if (holder === null) return new AppError('ALREADY_RUNNING', `Wheelhouse runs already on ${dataDir}. Stop it first, or choose another data directory with WAIAAS_DATA_DIR.`, { dataDir });
  const { pid, startedAt, host, port } = holder;
  const where = host === null || port === null ? '' : ` at ${host}:${port}`;
  return new AppError(
    'ALREADY_RUNNING',
    `Wheelhouse runs already on ${dataDir}: process ${pid}${where}, since ${startedAt}. Use that one, or stop it first.`,
    { dataDir, pid, startedAt, host, port },
  );
}
