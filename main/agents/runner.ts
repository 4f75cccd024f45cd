import type { Clock } from '../base/clock.ts';
import { credentialsFor, type CredentialsOptions } from './credentials.ts';
import { FollowUpFolder } from './follow-up-folder.ts';
import type { Launcher } from './launcher.ts';
import type { AgentRunner, LiveRun, RunEnd, RunListener, RunRequest } from './ports.ts';
import { RunDriver } from './run-driver.ts';
import type { RunLogs } from './run-log.ts';
import { SecretMask } from '../base/secret-mask.ts';
import { workspaceOf, type WorkspaceRoots } from './workspace.ts';

export interface RunnerLimits {
  /** How long a run may go without a result, in ms, unless the group says otherwise. */
  readonly runTimeoutMs: number;
  /** For how long an idle agent is kept, in ms. */
  readonly idleTimeoutMs: number;
  /** How long a run may take to end after it was asked to, in ms. */
  readonly stopTimeoutMs: number;
  /** The longest document between two markers, in characters. */
  readonly maxOutputLength: number;
}

export interface RunnerParts {
  readonly launcher: Launcher;
  readonly roots: WorkspaceRoots;
  readonly credentials: CredentialsOptions;
  readonly logs: RunLogs;
  readonly limits: RunnerLimits;
  readonly clock: Clock;
}

/** An idle agent is asked to end before its hard timeout comes, with this much time in between (RUNNER-03). */
const GRACE_MS = 30_000;

/** Runs agents with one {@link Launcher}; everything but the start is the same in a container and as a process. */
export class Runner implements AgentRunner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  start(request: RunRequest, listener: RunListener): LiveRun {
    const { launcher, roots, credentials, logs, limits, clock } = this.#parts;
    const { group, input, runId } = request;
    let secrets: Readonly<Record<string, string>>;
    try {
      secrets = credentialsFor(credentials);
    } catch (error) {
      return neverStarted((error as Error).message);
    }
    const mask = new SecretMask(Object.values(secrets));
    const hardTimeoutMs = hardTimeout(group.container.timeoutMs ?? limits.runTimeoutMs, limits.idleTimeoutMs);
    const log = logs.open(
      { runId, folder: group.folder, what: launcher.what },
      [
        `Group: ${group.name} (${group.folder})${group.isMain ? ', the main group' : ''}`,
        `Run: ${runId}${input.isScheduledTask === true ? ', a scheduled task' : ''}`,
        `Input: ${input.prompt.length} characters, conversation ${input.sessionId ?? 'new'}, credentials ${Object.keys(secrets).join(', ') || 'none'}`,
        `Hard timeout: ${hardTimeoutMs} ms`,
      ],
      mask,
    );
    return new RunDriver({
      request,
      listener,
      launcher,
      stdin: JSON.stringify({ ...input, secrets }),
      followUps: new FollowUpFolder(workspaceOf(roots, group.folder).input, clock),
      log,
      mask,
      clock,
      hardTimeoutMs,
      stopTimeoutMs: limits.stopTimeoutMs,
      maxOutputLength: limits.maxOutputLength,
    });
  }
}

/** RUNNER-03: the timeout of the container, but never before an idle agent had its chance to end by itself. All in ms. */
export function hardTimeout(containerTimeoutMs: number, idleTimeoutMs: number): number {
  return Math.max(containerTimeoutMs, idleTimeoutMs + GRACE_MS);
}

function neverStarted(reason: string): LiveRun {
  const end: RunEnd = { status: 'failed', cause: 'not_started', exitCode: null, error: reason, sessionId: null, logFile: null, unread: [] };
  const over = async (): Promise<void> => undefined;
  return { ended: Promise.resolve(end), followUp: async () => Promise.reject(new Error(reason)), requestClose: over, stop: over, abort: over };
}
