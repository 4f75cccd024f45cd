import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { OUTPUT_END, OUTPUT_START, OutputParser } from '../../../main/agents/output-markers.ts';
import type { AgentRunner, LiveRun, RunEnd, RunListener, RunRequest } from '../../../main/agents/ports.ts';
import type { RunInput, RunOutput } from '../../../main/agents/types.ts';

/** Reads what it is to do from descriptor 3, one line of shell after the other, as long as the test says. */
const PROGRAM = 'cat >/dev/null; while IFS= read -r line <&3; do eval "$line"; done';

/** An agent that the test plays: a real process that prints, ends and dies as it is told. */
export interface ScriptedAgent {
  readonly input: RunInput;
  readonly groupId: string;
  readonly runId: string;
  readonly pid: number;
  /** A turn that ended with a text, or without one. */
  say(result: string | null, newSessionId?: string): void;
  print(output: RunOutput): void;
  /** Prints what stands for itself, without markers. */
  mutter(text: string): void;
  exit(code: number): void;
  /** The texts that were put into its `input/` and that it takes now. */
  takeFollowUps(): readonly string[];
  /** Whether `_close` lies there. */
  readonly asked: boolean;
  readonly alive: boolean;
}

/** A runner whose agents are real processes that do what the test says. */
export class ScriptedRunner implements AgentRunner {
  readonly agents: ScriptedAgent[] = [];
  /** Whether agents that are asked to end do so, as a good one does. */
  obedient = true;
  /** Makes follow-ups fail, as a full disk does. */
  diskFull = false;
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  start(request: RunRequest, listener: RunListener): LiveRun {
    const inbox = join(this.#dir, request.group.folder, 'input');
    rmSync(inbox, { recursive: true, force: true });
    mkdirSync(inbox, { recursive: true });
    const child = spawn('sh', ['-c', PROGRAM], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    const control = child.stdio[3] as Writable;
    for (const pipe of [control, child.stdin]) pipe.on('error', () => undefined);
    child.stdin.end(JSON.stringify(request.input));
    const command = (line: string): void => void control.write(`${line}\n`);
    const agent = this.#agentOf(request, child, command, inbox);
    this.agents.push(agent);
    let cause: RunEnd['cause'] | null = null;
    const end = async (signal: NodeJS.Signals, why: RunEnd['cause']): Promise<void> => {
      cause ??= why;
      child.kill(signal);
      await ended;
    };
    const ended = this.#watch(child, listener, inbox, () => cause);
    return {
      ended,
      followUp: async (id, text) => {
        if (this.diskFull) throw new Error('ENOSPC: no space left on device');
        writeFileSync(join(inbox, `${id}.json`), JSON.stringify({ type: 'message', text }));
      },
      requestClose: async () => {
        writeFileSync(join(inbox, '_close'), '');
        if (this.obedient) command('exit 0');
      },
      stop: async () => end('SIGTERM', 'stopped'),
      abort: async (why) => end('SIGKILL', why),
    };
  }

  /** The newest agent of the group. */
  of(groupId: string): ScriptedAgent {
    const found = this.agents.findLast((agent) => agent.groupId === groupId);
    if (found === undefined) throw new Error(`no agent ran for ${groupId}`);
    return found;
  }

  /** Ends whatever a test left behind. */
  close(): void {
    for (const agent of this.agents) if (agent.alive) process.kill(agent.pid, 'SIGKILL');
  }

  #agentOf(request: RunRequest, child: ChildProcess, command: (line: string) => void, inbox: string): ScriptedAgent {
    const print = (output: RunOutput): void => command(`printf '%s\\n' '${OUTPUT_START}' ${quoted(JSON.stringify(output))} '${OUTPUT_END}'`);
    return {
      input: request.input,
      groupId: request.group.id,
      runId: request.runId,
      pid: child.pid!,
      say: (result, newSessionId) => print({ status: 'success', result, ...(newSessionId !== undefined && { newSessionId }) }),
      print,
      mutter: (text) => command(`printf '%s\\n' ${quoted(text)}`),
      exit: (code) => command(`exit ${code}`),
      takeFollowUps() {
        const files = readdirSync(inbox).filter((file) => file.endsWith('.json')).sort();
        return files.map((file) => {
          const { text } = JSON.parse(readFileSync(join(inbox, file), 'utf8')) as { readonly text: string };
          rmSync(join(inbox, file));
          return text;
        });
      },
      get asked() {
        return existsSync(join(inbox, '_close'));
      },
      get alive() {
        return child.exitCode === null && child.signalCode === null;
      },
    };
  }

  async #watch(child: ChildProcess, listener: RunListener, inbox: string, cause: () => RunEnd['cause'] | null): Promise<RunEnd> {
    const parser = new OutputParser(1_000_000);
    let sessionId: string | null = null;
    let work: Promise<void> = Promise.resolve();
    const then = (step: () => void | Promise<void>): void => void (work = (async (before) => (await before, step()))(work));
    then(() => listener.started({ containerName: `scripted-${child.pid}`, pid: child.pid! }));
    child.stdout!.on('data', (chunk: Buffer) => {
      listener.printed('stdout', chunk.toString());
      for (const block of parser.push(chunk)) {
        if (!block.ok) continue;
        sessionId = block.output.newSessionId ?? sessionId;
        then(() => listener.output(block.output));
      }
    });
    const [code] = (await once(child, 'close')) as [number | null];
    await work;
    const unread = existsSync(inbox) ? readdirSync(inbox).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length)) : [];
    const common = { exitCode: code, sessionId, logFile: null, unread };
    const why = cause();
    if (why === 'aborted' || why === 'kill_switch') return { ...common, status: 'aborted', cause: why, error: null };
    if (why !== null) return { ...common, status: 'aborted', cause: why, error: 'Wheelhouse was shut down during the run.' };
    if (code === 0) return { ...common, status: 'succeeded', cause: 'finished', error: null };
    return { ...common, status: 'failed', cause: 'exit_code', error: `The agent ended with code ${code}.` };
  }
}

/** A word of the shell that is exactly `text`. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
