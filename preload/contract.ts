/**
 * Every call and event between the core and its windows: types only. The desktop carries them over one frozen bridge,
 * the browser over HTTP and a WebSocket; both speak exactly this. Adding one: docs/architecture.md, "Adding a call".
 */
import type { AccessCalls } from './contract/access.ts';
import type { AgentCalls } from './contract/agents.ts';
import type { UiSettings } from './contract/app.ts';
import type { BusCalls } from './contract/bus.ts';
import type { Call, Nothing } from './contract/call.ts';
import type { ChannelCalls } from './contract/channels.ts';
import type { CompletionCalls } from './contract/completions.ts';
import type { LiveEvent, Snapshot } from './contract/live.ts';
import type { NoticeCalls } from './contract/notify.ts';
import type { ScheduleCalls } from './contract/schedule.ts';
import type { SecretCalls } from './contract/secrets.ts';
import type { UpdateCalls } from './contract/updates.ts';

export type { DeliveryState, NoticeAction, NoticeChannel, NoticeState, NoticeType, Severity } from '../main/notify/types.ts';
export type { ContextMode, MissedPolicy, ScheduleRunStatus, ScheduleStatus, TimingKind } from '../main/schedule/types.ts';
export type { Importance, Lease, LockMode, LogEvent, Message, Task, TaskStatus, Waiter } from '../main/bus/types.ts';
export type { ChannelName, ChatMessageKind, Delivery } from '../main/channels/types.ts';

export type { Locale, ThemeChoice, AppInfo, UiSettings, HealthProblem, StatusView, Page } from './contract/app.ts';
export type { AgentView, SessionView, RenewalView, KillSwitchView, OwnerView, OwnerChain, OwnerAction, OwnerChallenge, OwnerProof } from './contract/access.ts';
export type { RoleView } from './contract/bus.ts';
export type { NoticeView, NoticeAttemptView, NoticeChannelView, NoticesView } from './contract/notify.ts';
export type { GroupView, GroupInput, RunView, WaitReason, RunChunkView, EngineView, MountAllowlist, MountAllowlistView, MountVerdictView } from './contract/agents.ts';
export type { ChannelView, ChatView, ChatGroupView, ChatMessageView } from './contract/channels.ts';
export type { ScheduledTaskView, ScheduleRunView, SchedulePatch, UpcomingRuns } from './contract/schedule.ts';
export type { CompletionView, CompletionDetail, CompletionFolders } from './contract/completions.ts';
export type { SecretView } from './contract/secrets.ts';
export type { UpdatesView } from './contract/updates.ts';
export type { Snapshot, Patch, LiveEvent } from './contract/live.ts';

/** Every call, by name. The person acts in the role `Snapshot.coordinator`. */
export interface Calls extends AccessCalls, BusCalls, NoticeCalls, AgentCalls, ChannelCalls, ScheduleCalls, CompletionCalls, SecretCalls, UpdateCalls {
  'settings.set': Call<Partial<UiSettings>, UiSettings>;
  'snapshot.get': Call<Nothing, Snapshot>;
}

export type CallName = keyof Calls;
export type CallArgs<N extends CallName> = Calls[N]['args'];
export type CallResult<N extends CallName> = Calls[N]['result'];

/** How a failed call reaches a window: the error envelope of DESIGN §13 without the HTTP part. */
export interface CallError {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;
}
export type CallAnswer<N extends CallName> = { readonly ok: true; readonly result: CallResult<N> } | { readonly ok: false; readonly error: CallError };

/** The one object a window sees. In the desktop the preload exposes it, in a browser the renderer builds it. */
export interface Bridge {
  call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallAnswer<N>>;
  /** The first event is the snapshot. Returns what stops the listening. */
  listen(listener: (event: LiveEvent) => void): () => void;
}
