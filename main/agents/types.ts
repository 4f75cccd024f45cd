/**
 * The words of the room: groups, runs, and what goes in and out of a run. Times are wall time in ms unless a name says
 * otherwise; null means "none" or "no limit". The contract with the windows may import this file, so it holds types only.
 */

/** How far the network of a contained agent reaches: not at all, only to the model's API, everywhere. */
export type NetworkPolicy = 'none' | 'restricted' | 'full';

/** One more folder of this machine that a group asks for, as its owner or the main group wrote it. What it gets, the allowlist decides (SEC-01). */
export interface AdditionalMount {
  /** A folder of this machine; a leading `~` is the home folder. */
  readonly hostPath: string;
  /** Below `/workspace/extra/`; absent: the last part of `hostPath`. */
  readonly containerPath?: string;
  /** Absent: true. */
  readonly readonly?: boolean;
}

/** How the container of one group differs from the settings. Null: as the settings say. */
export interface ContainerSettings {
  readonly additionalMounts: readonly AdditionalMount[];
  /** How long a run may go without a result, in ms (RUNNER-03). */
  readonly timeoutMs: number | null;
  readonly network: NetworkPolicy | null;
  readonly memoryMb: number | null;
  /** May be a fraction. */
  readonly cpus: number | null;
  readonly pids: number | null;
}

/** A chat that an agent serves in a folder of its own. */
export interface Group {
  readonly id: string;
  /** The address of the chat, as `console:home`, `tg:-100123/7`, `123@g.us`. */
  readonly jid: string;
  readonly name: string;
  /** The name of its folder below `groups/` and `data/ipc/`, and so its identity in the mailbox (IPC-02). */
  readonly folder: string;
  /** What a message begins with to wake the agent, as `@Andy`. */
  readonly trigger: string;
  /** Whether a message must carry the trigger; never asked of the main group. */
  readonly requiresTrigger: boolean;
  /** The one group that may act for the others. */
  readonly isMain: boolean;
  /** Its identity on the team bus (`agents` in access). */
  readonly agentId: string;
  /** Paused: what arrives waits. */
  readonly paused: boolean;
  readonly container: ContainerSettings;
  /** The conversation that the next run continues; null: a new one (RUNNER-02). */
  readonly sessionId: string | null;
  readonly createdAt: number;
}

/** `messages`: what was said in the chat since the last run. `task`: a scheduled task. */
export type RunKind = 'messages' | 'task';

/** Whether a scheduled task continues the conversation of the group or begins one of its own. */
export type ContextMode = 'group' | 'isolated';

/**
 * `failed`: it went wrong; of messages a further attempt is queued unless all of them were answered, a task has none.
 * `dead`: it went wrong, nobody tries again, and the chat was told.
 */
export type RunState = 'queued' | 'starting' | 'running' | 'succeeded' | 'failed' | 'aborted' | 'dead';

/**
 * Why a run ended. `finished`: by itself or after `_close`, exit code 0. `idle`: the hard timeout, after a result.
 * `timeout`: the hard timeout, without any. `exit_code`: another exit code than 0. `out_of_memory`: killed by its memory limit.
 * `not_started`: the engine or the program would not start it. `engine_lost`: the engine went away in between.
 * `agent_error`: the agent reported an error and exited with 0. `stopped`: Wheelhouse shut down. `aborted`: somebody stopped
 * it. `kill_switch`: that stopped it. `interrupted`: Wheelhouse died in between. `cancelled`: taken out of the queue.
 * `not_recorded`: what it said could not be written down, as on a full disk.
 */
export type RunCause =
  | 'finished'
  | 'idle'
  | 'timeout'
  | 'exit_code'
  | 'out_of_memory'
  | 'not_started'
  | 'engine_lost'
  | 'agent_error'
  | 'stopped'
  | 'aborted'
  | 'kill_switch'
  | 'interrupted'
  | 'cancelled'
  | 'not_recorded';

/** One execution of an agent: a row of the durable queue, then of the history. */
export interface Run {
  readonly id: string;
  readonly groupId: string;
  readonly kind: RunKind;
  readonly state: RunState;
  /** What a task is to do; of messages what the agent was given, once the run was started. */
  readonly prompt: string | null;
  readonly contextMode: ContextMode;
  /** Whose outcome the scheduler waits for; null for messages. */
  readonly scheduleRunId: string | null;
  /** From 1; of messages at most 6. */
  readonly attempt: number;
  /** A queued run starts no sooner. */
  readonly notBefore: number;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Null when it has none, as with a local process (QUEUE-01). */
  readonly containerName: string | null;
  readonly pid: number | null;
  /** The conversation that the agent reported; null before that. */
  readonly sessionId: string | null;
  /** How many texts of it went to the chat. */
  readonly sent: number;
  /** How many messages were handed to it, follow-ups included. */
  readonly messages: number;
  /** The last text of it for the chat. */
  readonly result: string | null;
  /** Whether the agent has done what it was given and waits for more. */
  readonly turnOver: boolean;
  readonly exitCode: number | null;
  readonly cause: RunCause | null;
  /** One sentence for people. */
  readonly error: string | null;
  /** Where its output was written down; null before the end and when there is none (OPS-03). */
  readonly logFile: string | null;
}

/** What the agent reads from stdin as JSON, once (nanoclaw reference §3.4). The runner adds `secrets` and nobody else sees them. */
export interface RunInput {
  readonly prompt: string;
  /** The conversation to continue; absent: a new one. */
  readonly sessionId?: string;
  readonly groupFolder: string;
  readonly chatJid: string;
  readonly isMain: boolean;
  readonly isScheduledTask?: boolean;
  readonly assistantName?: string;
}

/** What stands between two output markers (RUNNER-01). */
export interface RunOutput {
  readonly status: 'success' | 'error';
  /** A text for the chat; null: a sign of life, or a turn that ended without a text. */
  readonly result: string | null;
  readonly newSessionId?: string;
  readonly error?: string;
  /** The agent lived to say why the rest of it was killed, which not every engine knows. */
  readonly cause?: 'out_of_memory';
}

/** A stretch of what a run printed, for eyes that watch it. Times are wall time in ms. */
export interface RunChunk {
  /** Rises within a run. */
  readonly n: number;
  readonly at: number;
  /** `result`: a text for the chat. `input`: a follow-up that it was given. */
  readonly stream: 'stdout' | 'stderr' | 'result' | 'input';
  readonly text: string;
}
