import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive, processIdentity } from '../store/process-identity.ts';

/** One agent process that we started. */
interface Entry {
  readonly pid: number;
  /** Tells it from a later process with the same id; null where the system does not say. */
  readonly identity: string | null;
}

/** Which agent processes are ours, on disk, so that a start after a crash finds those that outlived us (OPS-02). */
export class ProcessRegistry {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  add(runId: string, pid: number): void {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    const entry: Entry = { pid, identity: processIdentity(pid) };
    writeFileSync(this.#file(runId), JSON.stringify(entry), { mode: 0o600 });
  }

  remove(runId: string): void {
    rmSync(this.#file(runId), { force: true });
  }

  /** Kills what an earlier run of Wheelhouse left behind, and returns the runs. Call it before any run is started. */
  sweep(): readonly string[] {
    return this.#names().flatMap((name) => {
      const runId = name.replace(/\.json$/, '');
      const killed = this.#sweepOne(join(this.#dir, name));
      this.remove(runId);
      return killed ? [runId] : [];
    });
  }

  #sweepOne(file: string): boolean {
    let entry: Entry;
    try {
      entry = JSON.parse(readFileSync(file, 'utf-8')) as Entry;
    } catch {
      // Half written when we died: the process had just been made and has no stdin any more.
      return false;
    }
    // Without an identity the id could be somebody else's by now; such a process is not touched.
    if (entry.identity === null || processIdentity(entry.pid) !== entry.identity || !isProcessAlive(entry.pid)) return false;
    killTree(entry.pid);
    return true;
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#dir).filter((name) => name.endsWith('.json'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  #file(runId: string): string {
    return join(this.#dir, `${runId}.json`);
  }
}

/** Kills a process that leads its own group, with everything in the group. One that is gone already is no error. */
export function killTree(pid: number, signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
