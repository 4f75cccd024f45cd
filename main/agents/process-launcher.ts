import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { AppError } from '../base/errors.ts';
import type { Launch, Launched, Launcher } from './launcher.ts';
import { killTree, type ProcessRegistry } from './process-registry.ts';
import type { ProcessExit } from './run-end.ts';
import { prepareWorkspace, workspaceOf, type WorkspaceRoots } from './workspace.ts';

export interface ProcessLauncherParts {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly roots: WorkspaceRoots;
  readonly registry: ProcessRegistry;
  /** Ours; the agent gets only a few names of it, none of which holds a secret. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a program needs to find its way. Everything else of our environment may be a secret. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'PATHEXT', 'COMSPEC'];

/**
 * Starts agents as programs of this machine. NOT isolated: such an agent may read and write whatever the user may, mounts
 * and limits mean nothing to it. Only for who allows it by `[agents] allow_process_runner`.
 */
export class ProcessLauncher implements Launcher {
  readonly what = 'process';
  readonly #parts: ProcessLauncherParts;

  constructor(parts: ProcessLauncherParts) {
    this.#parts = parts;
  }

  memoryLimitMb(): null {
    return null;
  }

  async launch({ request, stdin, signal, alone, note }: Launch): Promise<Launched> {
    const { command, roots, registry, env } = this.#parts;
    await alone();
    const workspace = workspaceOf(roots, request.group.folder);
    prepareWorkspace(workspace, null);
    const [program = '', ...args] = command;
    note('Not isolated: a program of this machine.');
    const child = spawn(program, args, {
      cwd: workspace.group,
      env: {
        ...Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
        WHEELHOUSE_AGENT_GROUP: workspace.group,
        WHEELHOUSE_AGENT_IPC: workspace.mailbox,
        WHEELHOUSE_AGENT_GLOBAL: workspace.global,
        WHEELHOUSE_AGENT_HOME: workspace.home,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that what it starts can be ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    try {
      await once(child, 'spawn');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new AppError('RUN_NOT_STARTED', `The program ${program} cannot be started (${code}). Look at [agents] process_command.`, { program, cause: code }, { cause: error });
    }
    const exited = exitOf(child);
    const pid = child.pid!;
    try {
      registry.add(request.runId, pid);
    } catch (error) {
      killTree(pid);
      throw error;
    }
    if (signal.aborted) killTree(pid);
    // An agent may end without having read its input; its exit code tells more than the broken pipe.
    child.stdin.on('error', () => note('It did not read its input to the end.'));
    child.stdin.end(`${stdin}\n`);
    return {
      place: { containerName: null, pid },
      stdout: child.stdout,
      stderr: child.stderr,
      exited,
      terminate: async () => killTree(pid, 'SIGTERM'),
      kill: async () => killTree(pid),
      closeStreams: () => {
        child.stdout.destroy();
        child.stderr.destroy();
      },
      dispose: async () => registry.remove(request.runId),
    };
  }
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<ProcessExit> {
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  // What it started goes with it, as in a container.
  killTree(child.pid!);
  return { exitCode, signal, outOfMemory: false, lost: null };
}
