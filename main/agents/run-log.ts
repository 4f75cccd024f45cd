import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { iso, type Clock } from '../base/clock.ts';
import type { SecretMask } from '../base/secret-mask.ts';

export interface RunLogsOptions {
  /**
   * One folder per group is made below it. Not in the group's own folder, where nanoclaw has it: the agent may write
   * there, and could lead us elsewhere by a link or change what is said about it.
   */
  readonly dir: string;
  /** How many logs of a group are kept. */
  readonly kept: number;
  /** What one log takes of stdout, and of stderr, in bytes (OPS-03). */
  readonly maxStreamBytes: number;
  readonly clock: Clock;
}

/** The written trace of every run (OPS-03 of seed 002). */
export class RunLogs {
  readonly #options: RunLogsOptions;

  constructor(options: RunLogsOptions) {
    this.#options = options;
  }

  /**
   * Begins the log of a run and deletes the oldest ones of the group. Never throws: where no log can be written, the run
   * goes on without one and {@link RunLog.file} is null.
   */
  open(run: { readonly runId: string; readonly folder: string; readonly what: 'container' | 'process' }, facts: readonly string[], mask: SecretMask): RunLog {
    const dir = join(this.#options.dir, run.folder);
    const started = this.#options.clock.now();
    const file = join(dir, `${run.what}-${iso(started).replaceAll(/[:.]/g, '-')}-${run.runId.slice(-12)}.log`);
    let fd: number | null = null;
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      this.#deleteOldest(dir);
      fd = openSync(file, 'wx', 0o600);
    } catch {
      return new RunLog(null, null, this.#options.maxStreamBytes, mask);
    }
    const log = new RunLog(fd, file, this.#options.maxStreamBytes, mask);
    log.note(`Started: ${iso(started)}`);
    for (const fact of facts) log.note(fact);
    return log;
  }

  #deleteOldest(dir: string): void {
    // By the time in their names, the oldest first.
    const stamp = (name: string): string => name.slice(name.indexOf('-') + 1);
    const logs = readdirSync(dir).filter((name) => /^(?:container|process)-.*\.log$/.test(name)).sort((a, b) => (stamp(a) < stamp(b) ? -1 : 1));
    for (const name of logs.slice(0, Math.max(0, logs.length - this.#options.kept + 1))) rmSync(join(dir, name), { force: true });
  }
}

/** The log of one run. Lines are on disk as soon as they come, so that a crash leaves them; writing never throws. */
export class RunLog {
  readonly file: string | null;
  readonly #maxStreamBytes: number;
  readonly #mask: SecretMask;
  readonly #written = { stdout: 0, stderr: 0 };
  readonly #cut = { stdout: 0, stderr: 0 };
  #fd: number | null;
  #lost = false;

  constructor(fd: number | null, file: string | null, maxStreamBytes: number, mask: SecretMask) {
    this.#fd = fd;
    this.file = file;
    this.#maxStreamBytes = maxStreamBytes;
    this.#mask = mask;
  }

  /** A remark of ours. */
  note(text: string): void {
    this.#write(`${this.#mask.hide(text)}\n`);
  }

  /** Whole lines that the agent printed, with the secrets hidden already. Above the cap they are only counted. */
  printed(stream: 'stdout' | 'stderr', lines: string): void {
    const room = this.#maxStreamBytes - this.#written[stream];
    const bytes = Buffer.byteLength(lines);
    if (this.#cut[stream] > 0 || bytes > room) {
      const kept = this.#cut[stream] > 0 ? '' : wholeLinesWithin(lines, room);
      this.#cut[stream] += bytes - Buffer.byteLength(kept);
      this.#append(stream, kept);
    } else {
      this.#append(stream, lines);
    }
  }

  /** Ends the log with `facts`. Whether a stream was cut stands there too. */
  close(facts: readonly string[]): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      this.note(`${stream}: ${this.#written[stream]} bytes${this.#cut[stream] > 0 ? `, TRUNCATED, ${this.#cut[stream]} more were dropped` : ''}`);
    }
    for (const fact of facts) this.note(fact);
    if (this.#lost) this.note('Some lines above could not be written.');
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #append(stream: 'stdout' | 'stderr', lines: string): void {
    if (lines === '') return;
    this.#written[stream] += Buffer.byteLength(lines);
    const mark = stream === 'stdout' ? 'out| ' : 'err| ';
    this.#write(`${mark}${lines.slice(0, -1).replaceAll('\n', `\n${mark}`)}\n`);
  }

  #write(text: string): void {
    if (this.#fd === null) return;
    try {
      writeSync(this.#fd, text);
    } catch {
      // A full disk must not end the run; the log says so as soon as it can.
      this.#lost = true;
    }
  }
}

/** As many of the lines as fit into `room` bytes. */
function wholeLinesWithin(lines: string, room: number): string {
  const fitting = Buffer.from(lines, 'utf-8').subarray(0, Math.max(0, room));
  return fitting.subarray(0, fitting.lastIndexOf(0x0a) + 1).toString('utf-8');
}
