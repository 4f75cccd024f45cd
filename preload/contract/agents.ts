import type { Group, Run } from '../../main/agents/types.ts';
import type { Call, Nothing } from './call.ts';

/** A chat that an agent serves. */
export interface GroupView extends Omit<Group, 'createdAt' | 'sessionId'> {
  /** Whether the next run continues a conversation. */
  readonly inConversation: boolean;
  readonly createdAt: string;
}

/** The settings of a group that a window may send. Absent: as it is, or as the settings say; null: as the settings say. */
export interface GroupInput {
  readonly trigger?: string;
  readonly requires_trigger?: boolean;
  readonly container?: {
    readonly mounts?: readonly { readonly host_path: string; readonly container_path?: string; readonly readonly?: boolean }[];
    readonly timeout_sec?: number | null;
    readonly network?: 'none' | 'restricted' | 'full' | null;
    readonly memory_mb?: number | null;
    readonly cpus?: number | null;
    readonly pids?: number | null;
  };
}

/** One execution of an agent. Times are ISO 8601. */
export interface RunView extends Omit<Run, 'notBefore' | 'queuedAt' | 'startedAt' | 'endedAt' | 'scheduleRunId' | 'sessionId' | 'turnOver' | 'logFile'> {
  readonly notBefore: string;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly hasLog: boolean;
  /** Whether it lives and waits for follow-ups. */
  readonly idle: boolean;
  /** Whether it was asked to end. */
  readonly closing: boolean;
  /** Why it waits in the queue; null when it does not, or starts now. */
  readonly waitReason: WaitReason | null;
}

export type WaitReason = 'kill_switch' | 'agent_suspended' | 'group_paused' | 'retry' | 'group_busy' | 'behind' | 'limit';

/** A stretch of what a live run printed. */
export interface RunChunkView {
  /** Rises within a run. */
  readonly n: number;
  readonly at: string;
  readonly stream: 'stdout' | 'stderr' | 'result' | 'input';
  readonly text: string;
}

/** How the container engine and the image of the agents stand. Times are ISO 8601. */
export interface EngineView {
  readonly runner: 'container' | 'process';
  /** Null: none answers, see `problem`; or nobody has asked yet. */
  readonly facts: {
    readonly name: 'Docker' | 'Podman';
    readonly version: string;
    readonly address: string;
    readonly rootless: boolean;
    readonly inVm: boolean;
    readonly arch: string;
    readonly cpus: number;
    readonly memoryMb: number;
    readonly missingLimits: readonly string[];
  } | null;
  readonly problem: { readonly cause: string; readonly cure: string } | null;
  /** `builtAt` null: it has not been built. */
  readonly image: { readonly name: string; readonly builtAt: string | null; readonly bytes: number | null } | null;
  /** The last build since the start. `steps` 0: not known yet. */
  readonly build: {
    readonly state: 'running' | 'succeeded' | 'failed';
    readonly step: number;
    readonly steps: number;
    readonly line: string;
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly error: string | null;
  } | null;
  readonly limits: { readonly memoryMb: number | null; readonly cpus: number | null; readonly pids: number | null; readonly network: 'none' | 'restricted' | 'full' };
  readonly checkedAt: string | null;
}

export interface MountAllowlist {
  readonly allowedRoots: readonly { readonly path: string; readonly allowReadWrite: boolean; readonly description?: string | undefined }[];
  readonly blockedPatterns: readonly string[];
  readonly nonMainReadOnly: boolean;
}

/** The file that says which folders of this machine agents may be given. */
export interface MountAllowlistView {
  readonly file: string;
  /** Anything but `ok` blocks every additional mount. */
  readonly state: 'ok' | 'missing' | 'broken';
  readonly problem: string | null;
  readonly allowlist: MountAllowlist | null;
  /** Blocked whatever the file says. */
  readonly alwaysBlocked: readonly string[];
}

/** What a group would get of a mount that it asks for. */
export interface MountVerdictView {
  readonly hostPath: string;
  /** Null: it is refused. */
  readonly target: string | null;
  readonly readOnly: boolean;
  /** Why it is refused, or may only be read; null: all as asked for. */
  readonly explanation: string | null;
}

export interface AgentCalls {
  /** What was found last; asks nobody. */
  'engine.get': Call<Nothing, EngineView>;
  /** Looks for the engine and the image now. */
  'engine.check': Call<Nothing, EngineView>;
  /** Begins to build the image, unless it is being built; `engine.get` tells how it goes. */
  'engine.build': Call<Nothing, EngineView>;
  'mounts.get': Call<Nothing, MountAllowlistView>;
  'mounts.set': Call<{ readonly allowlist: MountAllowlist }, MountAllowlistView>;
  /** What would become of mounts that a group asks for, with the allowlist as it is. */
  'mounts.check': Call<
    { readonly mounts: readonly { readonly hostPath: string; readonly containerPath?: string; readonly readonly?: boolean }[]; readonly isMain: boolean },
    { readonly verdicts: readonly MountVerdictView[] }
  >;
  'groups.create': Call<
    { readonly jid: string; readonly name: string; readonly folder?: string; readonly main?: boolean; readonly role?: string } & GroupInput,
    { readonly group: GroupView }
  >;
  /** `group`: its id, chat address, folder or name; so everywhere. */
  'groups.update': Call<{ readonly group: string; readonly name?: string } & GroupInput, { readonly group: GroupView }>;
  /** Its folder stays on disk. */
  'groups.remove': Call<{ readonly group: string }, { readonly removed: true }>;
  /** What arrives for it waits; what runs goes on. */
  'groups.pause': Call<{ readonly group: string }, { readonly group: GroupView }>;
  'groups.resume': Call<{ readonly group: string }, { readonly group: GroupView }>;
  /** The next run remembers nothing of the earlier ones. */
  'groups.newConversation': Call<{ readonly group: string }, { readonly group: GroupView }>;
  /** Newest first; `before` is the id of a run. */
  'runs.list': Call<
    { readonly group?: string; readonly which?: 'all' | 'ended'; readonly before?: string; readonly limit?: number },
    { readonly runs: readonly RunView[]; readonly has_more: boolean }
  >;
  'runs.get': Call<{ readonly run: string }, { readonly run: RunView }>;
  /** What a live run printed last; of one that has ended, the log says it. */
  'runs.output': Call<{ readonly run: string }, { readonly chunks: readonly RunChunkView[] }>;
  /** The end of the log. */
  'runs.log': Call<{ readonly run: string }, { readonly file: string; readonly text: string; readonly bytes: number; readonly truncated: boolean }>;
  /** Says something to a live agent that is not part of the chat. */
  'runs.tell': Call<{ readonly run: string; readonly text: string }, { readonly told: true }>;
  /** Stops a run, even inside a tool call, or takes it out of the queue. */
  'runs.abort': Call<{ readonly run: string }, { readonly run: RunView }>;
}
