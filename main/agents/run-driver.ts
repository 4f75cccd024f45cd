import type { Clock, Timer } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { FollowUpFolder } from './follow-up-folder.ts';
import type { Launched, Launcher } from './launcher.ts';
import { OUTPUT_END, OUTPUT_START, OutputParser, type OutputBlock } from './output-markers.ts';
import type { LiveRun, RunEnd, RunListener, RunRequest } from './ports.ts';
import { PrintedLines } from './printed-lines.ts';
import { judgeRun, type ProcessExit, type RunFacts } from './run-end.ts';
import type { RunLog } from './run-log.ts';
import type { SecretMask } from '../base/secret-mask.ts';
import type { RunOutput } from './types.ts';

export interface RunDriverParts {
  readonly request: RunRequest;
  readonly listener: RunListener;
  readonly launcher: Launcher;
  /** The input document with its credentials. */
  readonly stdin: string;
  readonly followUps: FollowUpFolder;
  readonly log: RunLog;
  readonly mask: SecretMask;
  readonly clock: Clock;
  /** How long it may go without a document between markers (RUNNER-03). */
  readonly hardTimeoutMs: number;
  /** How long it may take to end after it was asked to, before it is killed. */
  readonly stopTimeoutMs: number;
  /** The longest document between markers, in characters. */
  readonly maxOutputLength: number;
}

/** What was printed before a process ended is read to its end for this long. */
const DRAIN_MS = 5000;
/** A run that could not even be killed is given up after this long. */
const KILL_MS = 10_000;
const STDERR_TAIL = 200;
/** Eyes cannot follow more than this; the log has all of it. */
const SHOWN_PER_SECOND = 64 * 1024;

/** One run from its start to its verdict, in a container or not. */
export class RunDriver implements LiveRun {
  readonly ended: Promise<RunEnd>;
  readonly #parts: RunDriverParts;
  readonly #parser: OutputParser;
  readonly #unwanted = new AbortController();
  /** Follow-ups that come sooner wait for it: an earlier run would take them, or they would be taken for its leftovers, and be lost. */
  readonly #cleared = Promise.withResolvers<void>();
  readonly #startedAt: number;
  #launched: Launched | null = null;
  #endedBy: RunFacts['endedBy'] = null;
  #closeRequested = false;
  #over = false;
  #lastOutput: RunOutput | null = null;
  #sessionId: string | null = null;
  #listenerError: string | null = null;
  #stderrTail = '';
  #hardTimer: Timer | null = null;
  #killTimer: Timer | null = null;
  #giveUp: ((exit: ProcessExit) => void) | null = null;
  #shown = { since: 0, bytes: 0 };
  #inBlock = false;

  constructor(parts: RunDriverParts) {
    this.#parts = parts;
    this.#parser = new OutputParser(parts.maxOutputLength);
    this.#startedAt = parts.clock.monotonic();
    // Whoever waits for it hears of a failure; nobody has to.
    this.#cleared.promise.catch(() => undefined);
    this.ended = this.#run();
  }

  async followUp(id: string, text: string): Promise<void> {
    await this.#cleared.promise;
    if (this.#over) throw new Error('the run is over');
    await this.#parts.followUps.put(id, text);
  }

  async requestClose(): Promise<void> {
    if (this.#over) return;
    this.#closeRequested = true;
    await this.#cleared.promise;
    await this.#parts.followUps.close();
  }

  async stop(cause: 'stopped'): Promise<void> {
    this.#endedBy ??= cause;
    this.#unwanted.abort();
    await this.#terminate();
    await this.ended;
  }

  async abort(cause: 'aborted' | 'kill_switch'): Promise<void> {
    this.#endedBy = cause;
    this.#unwanted.abort();
    await this.#kill();
    await this.ended;
  }

  async #run(): Promise<RunEnd> {
    const { launcher, log, clock } = this.#parts;
    let launched: Launched;
    try {
      launched = await launcher.launch({
        request: this.#parts.request,
        stdin: this.#parts.stdin,
        signal: this.#unwanted.signal,
        alone: async () => this.#clear(),
        note: (text) => log.note(text),
      });
    } catch (error) {
      this.#cleared.reject(error);
      return this.#finish(null, error);
    }
    this.#launched = launched;
    log.note(`Running: ${launched.place.containerName ?? `process ${launched.place.pid}`}, after ${Math.round(clock.monotonic() - this.#startedAt)} ms`);
    const exited = Promise.race([launched.exited, new Promise<ProcessExit>((resolve) => (this.#giveUp = resolve))]);
    if (this.#endedBy === 'stopped') void this.#terminate();
    else if (this.#endedBy !== null) void this.#kill();
    await this.#hear(async () => this.#parts.listener.started(launched.place));
    this.#armHardTimer();
    const reading = Promise.all([this.#read('stdout', launched.stdout), this.#read('stderr', launched.stderr)]);
    const exit = await exited;
    this.#hardTimer?.cancel();
    this.#killTimer?.cancel();
    const drain = clock.setTimer(exit.lost === null ? DRAIN_MS : 0, () => launched.closeStreams());
    await reading;
    drain.cancel();
    await launched.dispose();
    return this.#finish(exit, null);
  }

  async #clear(): Promise<void> {
    try {
      await this.#parts.followUps.clear();
    } catch (error) {
      throw new AppError('RUN_NOT_STARTED', explainStart(error), {}, { cause: error });
    }
    this.#cleared.resolve();
  }

  async #read(stream: 'stdout' | 'stderr', chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const lines = new PrintedLines(this.#parts.mask);
    try {
      for await (const chunk of chunks) {
        this.#print(stream, lines.push(chunk));
        if (stream === 'stdout') await this.#take(this.#parser.push(chunk));
      }
    } catch (error) {
      // The streams were closed under us; what they still held is lost, what came before counts.
      this.#parts.log.note(`${stream} was cut off: ${(error as Error).message}`);
    }
    this.#print(stream, lines.finish());
    if (stream === 'stdout') await this.#take(this.#parser.finish());
  }

  #print(stream: 'stdout' | 'stderr', lines: string): void {
    if (lines === '') return;
    this.#parts.log.printed(stream, lines);
    if (stream === 'stderr') this.#stderrTail = (this.#stderrTail + lines).slice(-STDERR_TAIL - 1);
    const besides = stream === 'stderr' ? lines : this.#besides(lines);
    if (besides !== '') this.#show(stream, besides);
  }

  /** The lines that stand outside of the markers. */
  #besides(lines: string): string {
    if (!this.#inBlock && !lines.includes(OUTPUT_START)) return lines;
    const besides = lines.split('\n').filter((line) => {
      const trimmed = line.trimEnd();
      if (trimmed.endsWith(OUTPUT_START)) this.#inBlock = true;
      else if (trimmed.endsWith(OUTPUT_END)) this.#inBlock = false;
      else return !this.#inBlock && line !== '';
      return false;
    });
    return besides.length === 0 ? '' : `${besides.join('\n')}\n`;
  }

  #show(stream: 'stdout' | 'stderr', text: string): void {
    const now = this.#parts.clock.monotonic();
    if (now - this.#shown.since >= 1000) this.#shown = { since: now, bytes: 0 };
    if (this.#shown.bytes + text.length > SHOWN_PER_SECOND) return;
    this.#shown.bytes += text.length;
    void this.#hear(() => this.#parts.listener.printed(stream, text));
  }

  async #take(blocks: readonly OutputBlock[]): Promise<void> {
    for (const block of blocks) {
      if (!block.ok) {
        this.#parts.log.note(block.problem);
        continue;
      }
      this.#armHardTimer();
      const output = this.#masked(block.output);
      this.#lastOutput = output;
      if (output.status === 'success') this.#sessionId = output.newSessionId ?? this.#sessionId;
      await this.#hear(async () => this.#parts.listener.output(output));
    }
  }

  /** What goes to a chat, and into the database on its way there, must not carry the credentials either. */
  #masked(output: RunOutput): RunOutput {
    const { mask } = this.#parts;
    return {
      ...output,
      result: output.result === null ? null : mask.hide(output.result),
      ...(output.error === undefined ? {} : { error: mask.hide(output.error) }),
    };
  }

  /** A listener that throws costs the run its success, but not the outputs that follow. */
  async #hear(tell: () => void | Promise<void>): Promise<void> {
    try {
      await tell();
    } catch (error) {
      this.#listenerError ??= (error as Error).message;
      this.#parts.log.note(`What the agent did could not be taken in: ${(error as Error).message}`);
    }
  }

  #armHardTimer(): void {
    this.#hardTimer?.cancel();
    if (this.#endedBy !== null) return;
    this.#hardTimer = this.#parts.clock.setTimer(this.#parts.hardTimeoutMs, () => {
      this.#endedBy ??= 'timeout';
      void this.#terminate();
    });
  }

  async #terminate(): Promise<void> {
    if (this.#over || this.#launched === null || this.#killTimer !== null) return;
    this.#killTimer = this.#parts.clock.setTimer(this.#parts.stopTimeoutMs, () => {
      this.#parts.log.note('It did not end in time and is killed.');
      void this.#kill();
    });
    await this.#launched.terminate().catch((error: unknown) => this.#parts.log.note(`It could not be asked to end: ${(error as Error).message}`));
  }

  async #kill(): Promise<void> {
    if (this.#over || this.#launched === null) return;
    this.#killTimer?.cancel();
    this.#killTimer = this.#parts.clock.setTimer(KILL_MS, () => this.#giveUp?.({ exitCode: null, signal: null, outOfMemory: false, lost: 'it could not be killed' }));
    await this.#launched.kill().catch((error: unknown) => this.#parts.log.note(`It could not be killed: ${(error as Error).message}`));
  }

  async #finish(exit: ProcessExit | null, startError: unknown): Promise<RunEnd> {
    this.#over = true;
    const { log, mask, launcher, request, clock } = this.#parts;
    const verdict = this.#verdict(exit, startError);
    const error = verdict.error === null ? null : mask.hide(verdict.error);
    const unread = await this.#parts.followUps.unread();
    log.close([
      `Duration: ${Math.round(clock.monotonic() - this.#startedAt)} ms`,
      `Exit code: ${exit?.exitCode ?? 'none'}${exit?.signal ? ` (${exit.signal})` : ''}`,
      `Ended: ${verdict.status}, ${verdict.cause}${error === null ? '' : `: ${error}`}`,
      ...(launcher.what === 'container' && exit?.outOfMemory ? [`Memory limit: ${launcher.memoryLimitMb(request)} MiB`] : []),
      ...(unread.length > 0 ? [`Follow-ups that it never took: ${unread.length}`] : []),
    ]);
    return { ...verdict, error, exitCode: exit?.exitCode ?? null, sessionId: this.#sessionId, logFile: log.file, unread };
  }

  #verdict(exit: ProcessExit | null, startError: unknown): Pick<RunEnd, 'status' | 'cause' | 'error'> {
    if (exit === null && this.#endedBy === null) return { status: 'failed', cause: 'not_started', error: explainStart(startError) };
    const verdict = judgeRun({
      exit: exit ?? { exitCode: null, signal: null, outOfMemory: false, lost: null },
      endedBy: this.#endedBy,
      lastOutput: this.#lastOutput,
      closeRequested: this.#closeRequested,
      hardTimeoutMs: this.#parts.hardTimeoutMs,
      memoryLimitMb: this.#parts.launcher.memoryLimitMb(this.#parts.request),
      stderrTail: this.#stderrTail.trimEnd().slice(-STDERR_TAIL),
    });
    if (this.#listenerError === null || verdict.status !== 'succeeded') return verdict;
    return { status: 'failed', cause: 'agent_error', error: `What the agent answered could not be taken in: ${this.#listenerError}` };
  }
}

/** One sentence for people: what the launcher explained, or what the file system said. */
function explainStart(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' ? `The disk is full, so the agent could not be started (${message}). Free some space.` : `The agent could not be started: ${message}`;
}
