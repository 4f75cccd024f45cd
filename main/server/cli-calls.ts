/** The calls that only the command line makes: types only. What it shares with the windows is in `preload/contract.ts`. */
import type { AcquireLock, LockAcquired, LockList, LockReleased, LogPage, MessagePage, ReleaseLock, TaskPage, TaskStatus } from '../bus/types.ts';
import type { AgentView, AppInfo, CallError, Calls, ChannelView, ChatView, CompletionFolders, CompletionView, GroupView, ScheduledTaskView, ScheduleStatus, SessionView, StatusView } from '../../preload/contract.ts';

interface Call<Args, Result> {
  readonly args: Args;
  readonly result: Result;
}
type Nothing = Record<never, never>;

/** What an import did, or would do. `kept`: it was here before. `refused`: see `problems`. */
export interface ImportReport {
  readonly dryRun: boolean;
  /** It was stopped before its end; the next one goes on from there. */
  readonly stopped: boolean;
  readonly groups: ImportCount;
  /** Conversations that the next runs continue. */
  readonly sessions: ImportCount;
  readonly chats: ImportCount;
  readonly messages: ImportCount;
  readonly tasks: ImportCount;
  /** `refused` are links and what is no plain file. */
  readonly files: ImportCount;
  /** What the folders of the old installation hold. */
  readonly folders: readonly { readonly folder: string; readonly files: number; readonly bytes: number }[];
  readonly problems: readonly string[];
}
/** How far an import is; `what` is the name of a group or a folder. */
export interface ImportProgress {
  readonly doing: 'messages' | 'files';
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

export interface ImportState {
  /** Null: it is still under way. */
  readonly report: ImportReport | null;
  readonly progress: ImportProgress | null;
}

interface ImportCount {
  readonly imported: number;
  readonly kept: number;
  readonly refused: number;
}

export interface CliOnlyCalls {
  'status.get': Call<
    Nothing,
    { readonly info: AppInfo; readonly status: StatusView; readonly pid: number; readonly agents: number; readonly liveSessions: number; readonly openTasks: number; readonly locksHeld: number }
  >;
  'agents.list': Call<Nothing, { readonly agents: readonly AgentView[] }>;
  'sessions.list': Call<{ readonly agent?: string }, { readonly sessions: readonly SessionView[] }>;
  /** Signs tokens with a new key from now on; live sessions go on. */
  'sessions.rotateKey': Call<Nothing, { readonly rotated: true }>;
  'locks.list': Call<Nothing, LockList>;
  'locks.acquire': Call<Pick<AcquireLock, 'resource' | 'intent'> & Partial<Pick<AcquireLock, 'ttl_sec' | 'mode' | 'wait_sec'>>, LockAcquired>;
  'locks.release': Call<Pick<ReleaseLock, 'resource' | 'fence'>, LockReleased>;
  'tasks.list': Call<{ readonly status?: TaskStatus; readonly assignee_role?: string; readonly after_id?: number; readonly limit?: number }, TaskPage>;
  /** Looks into the inbox of any role and marks nothing: looking is not reading on somebody's behalf. */
  'messages.inbox': Call<{ readonly role: string; readonly before_id?: number; readonly limit?: number }, MessagePage>;
  'schedule.list': Call<{ readonly group?: string; readonly status?: ScheduleStatus }, { readonly zone: string; readonly tasks: readonly ScheduledTaskView[] }>;
  /** `task` is the id, or enough of its end. */
  'schedule.get': Call<{ readonly task: string }, { readonly task: ScheduledTaskView }>;
  'log.read': Call<{ readonly after_id?: number; readonly limit?: number }, LogPage>;
  /** A link that opens the windows in a browser: good once, for ten minutes. */
  'ui.link': Call<Nothing, { readonly url: string }>;
  /** For a forgotten master password: ends every session, and a recovery under way begins anew. Data stays. */
  'masterPassword.reset': Call<{ readonly password: string }, { readonly sessionsRevoked: number }>;
  'completions.folders': Call<Nothing, CompletionFolders>;
  /** Takes the `.done` file of a task in now; null: it is not there, or refused. */
  'completions.look': Call<{ readonly folder: string; readonly task: string }, { readonly completion: CompletionView | null }>;
  'channels.list': Call<Nothing, { readonly channels: readonly ChannelView[] }>;
  'chats.list': Call<Nothing, { readonly chats: readonly ChatView[] }>;
  'groups.list': Call<Nothing, { readonly groups: readonly GroupView[] }>;
  /** Begins to take an older installation over; `dir` is left as it is. Without `apply` it only says what that would do. */
  'import.begin': Call<{ readonly dir: string; readonly apply?: boolean }, { readonly begun: true }>;
  /** Answers when it ended, or after a second with how far it is. What went wrong in it is the error of this call. */
  'import.wait': Call<Nothing, ImportState>;
  /** Ends it after the step it is at. What it did stays. */
  'import.stop': Call<Nothing, { readonly stopped: true }>;
  'backup.now': Call<Nothing, { readonly file: string; readonly bytes: number }>;
}

/** Every call that `POST /v1/call/:name` and `Wheelhouse.call` know. */
export type AllCalls = Calls & CliOnlyCalls;
export type AnyCallName = keyof AllCalls;
export type AnyCallArgs<N extends AnyCallName> = AllCalls[N]['args'];
export type AnyCallResult<N extends AnyCallName> = AllCalls[N]['result'];
export type AnyCallAnswer<N extends AnyCallName> =
  | { readonly ok: true; readonly result: AnyCallResult<N> }
  | { readonly ok: false; readonly error: CallError };

/** Who makes a call: the windows may make those of the contract, the command line all of them. */
export type CallSource = 'window' | 'cli';
