import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialsOptions } from '../../../main/agents/credentials.ts';
import type { Launcher } from '../../../main/agents/launcher.ts';
import type { LiveRun, RunPlace } from '../../../main/agents/ports.ts';
import { RunLogs } from '../../../main/agents/run-log.ts';
import { Runner } from '../../../main/agents/runner.ts';
import type { ContainerSettings, Group, RunInput, RunOutput } from '../../../main/agents/types.ts';
import { dataPaths, type DataPaths } from '../../../main/config/data-dir.ts';
import { FakeClock } from '../fake-clock.ts';
import { makeTempDir } from '../temp-dir.ts';

export const SCRIPTED_AGENT = join(import.meta.dirname, 'scripted-agent.sh');
export const STOP_TIMEOUT_MS = 15_000;
/** The hard timeout of a rig: an idle time of a minute and the grace of half a minute. */
export const HARD_TIMEOUT_MS = 90_000;
export const SECRET = 'sk-ant-planted-0123456789-abc';

const PLAIN: ContainerSettings = { additionalMounts: [], timeoutMs: null, network: null, memoryMb: null, cpus: null, pids: null };

/** A run with what its listener heard. */
export interface WatchedRun {
  readonly live: LiveRun;
  readonly places: RunPlace[];
  readonly outputs: RunOutput[];
  readonly printed: { stdout: string; stderr: string };
  /** The results for the chat, in order. */
  results(): (string | null)[];
  /** The log, once the run has ended. */
  log(): Promise<string>;
}

export interface StartOptions {
  readonly folder?: string;
  readonly isMain?: boolean;
  readonly container?: Partial<ContainerSettings>;
  readonly sessionId?: string;
  readonly onOutput?: (output: RunOutput) => void | Promise<void>;
  readonly onStarted?: () => void | Promise<void>;
}

/** A runner on folders of its own, with a clock that tests move: its timeouts come when they say so. */
export interface RunnerRig {
  readonly paths: DataPaths;
  readonly clock: FakeClock;
  readonly runner: Runner;
  group(options?: StartOptions): Group;
  start(prompt: string, options?: StartOptions): WatchedRun;
  /** Aborts what still runs and removes the folders. */
  close(): Promise<void>;
}

export interface RigOptions {
  readonly launcher: (paths: DataPaths) => Launcher;
  readonly credentials?: CredentialsOptions;
  readonly maxOutputLength?: number;
  readonly maxStreamBytes?: number;
  readonly runLogs?: string;
  /** Where the data directory is made, instead of the usual place for temporary files. */
  readonly dir?: string;
}

/** A group as the queue would hand it over. */
export function groupNamed(folder: string, isMain = false, container: Partial<ContainerSettings> = {}): Group {
  return {
    id: `group-${folder}`,
    jid: `console:${folder}`,
    name: folder,
    folder,
    trigger: '@Andy',
    requiresTrigger: true,
    isMain,
    agentId: 'agent',
    paused: false,
    container: { ...PLAIN, ...container },
    sessionId: null,
    createdAt: 0,
  };
}

export function makeRunnerRig(options: RigOptions): RunnerRig {
  const dir = options.dir === undefined ? makeTempDir('wheelhouse-runner-') : { path: options.dir, remove: () => undefined };
  const paths = dataPaths(dir.path);
  for (const folder of [paths.groups, paths.mailbox]) mkdirSync(folder, { recursive: true });
  const clock = new FakeClock();
  const launcher = options.launcher(paths);
  const runner = new Runner({
    launcher,
    roots: paths,
    credentials: options.credentials ?? { allowed: ['ANTHROPIC_API_KEY'], secrets: { get: () => SECRET } },
    logs: new RunLogs({ dir: options.runLogs ?? paths.runLogs, kept: 20, maxStreamBytes: options.maxStreamBytes ?? 10 << 20, clock }),
    limits: { runTimeoutMs: 10_000, idleTimeoutMs: 60_000, stopTimeoutMs: STOP_TIMEOUT_MS, maxOutputLength: options.maxOutputLength ?? 10 << 20 },
    clock,
  });
  const live = new Set<LiveRun>();
  let count = 0;

  const group = ({ folder = 'home', isMain = false, container = {} }: StartOptions = {}): Group => groupNamed(folder, isMain, container);

  return {
    paths,
    clock,
    runner,
    group,
    start(prompt, startOptions = {}) {
      count += 1;
      const served = group(startOptions);
      const input: RunInput = {
        prompt,
        ...(startOptions.sessionId === undefined ? {} : { sessionId: startOptions.sessionId }),
        groupFolder: served.folder,
        chatJid: served.jid,
        isMain: served.isMain,
      };
      const places: RunPlace[] = [];
      const outputs: RunOutput[] = [];
      const printed = { stdout: '', stderr: '' };
      const run = runner.start(
        { runId: `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`, group: served, input },
        {
          started: async (place) => {
            places.push(place);
            await startOptions.onStarted?.();
          },
          output: async (output) => {
            outputs.push(output);
            await startOptions.onOutput?.(output);
          },
          printed: (stream, text) => {
            printed[stream] += text;
          },
        },
      );
      live.add(run);
      void run.ended.then(() => live.delete(run));
      return {
        live: run,
        places,
        outputs,
        printed,
        results: () => outputs.map(({ result }) => result),
        log: async () => readFileSync((await run.ended).logFile!, 'utf-8'),
      };
    },
    async close() {
      await Promise.all([...live].map(async (run) => run.abort('aborted')));
      dir.remove();
    },
  };
}
