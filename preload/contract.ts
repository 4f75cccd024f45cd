/**
 * Every call and event between the core and its windows: types only. The desktop carries them over one frozen bridge,
 * the browser over HTTP and a WebSocket; both speak exactly this. Adding one: docs/architecture.md, "Adding a call".
 */
import type { CompletionState, FolderState, Refusal } from '../main/completions/types.ts';
import type { DeliveryState, NoticeAction, NoticeChannel, NoticeState, NoticeType, Severity } from '../main/notify/types.ts';
import type { ChannelName, ChannelState, ChatMessageKind, Delivery } from '../main/channels/types.ts';
import type { Group, Run } from '../main/agents/types.ts';
import type { LogEvent, LogQuery, LogQueryPage, Lease, Message, MessagePage, MessageQuery, Task, TaskStatus, Waiter } from '../main/bus/types.ts';
import type { ContextMode, MissedPolicy, PausedBy, RunCause, ScheduleRunStatus, ScheduleStatus, TimingKind } from '../main/schedule/types.ts';

export type { DeliveryState, NoticeAction, NoticeChannel, NoticeState, NoticeType, Severity } from '../main/notify/types.ts';
export type { ContextMode, MissedPolicy, ScheduleRunStatus, ScheduleStatus, TimingKind } from '../main/schedule/types.ts';
export type { Importance, Lease, LockMode, LogEvent, Message, Task, TaskStatus, Waiter } from '../main/bus/types.ts';

export type { ChannelName, ChatMessageKind, Delivery } from '../main/channels/types.ts';

export type Locale = 'en' | 'ko';
export type ThemeChoice = 'system' | 'light' | 'dark';

export interface AppInfo {
  readonly name: 'Wheelhouse';
  readonly version: string;
  /** Whether this core runs under the tray or on its own. */
  readonly mode: 'desktop' | 'headless';
  readonly platform: string;
  /** Where MCP clients connect. */
  readonly mcpUrl: string;
  readonly dataDir: string;
  readonly startedAt: string;
}

export interface UiSettings {
  readonly language: 'system' | Locale;
  readonly theme: ThemeChoice;
}

export interface AgentView {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly status: 'active' | 'suspended';
  readonly statusReason: string | null;
  readonly createdAt: string;
  /** Sessions that can act now. */
  readonly liveSessions: number;
  /** The last sign of life of any session; null when never seen. */
  readonly lastSeenAt: string | null;
}

export interface SessionView {
  readonly id: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  readonly createdAt: string;
  /** When its token ends; null: never. A renewal moves it. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly revokeReason: string | null;
  /** How long a token of it is good; null: until `absoluteExpiresAt`. */
  readonly ttlSec: number | null;
  readonly renewalCount: number;
  /** Null: as often as needed. */
  readonly maxRenewals: number | null;
  readonly lastRenewedAt: string | null;
  /** When it ends however often it is renewed; null: never. */
  readonly absoluteExpiresAt: string | null;
  readonly rejectWindowSec: number;
  /** Up to a minute behind; null: not used yet. */
  readonly lastUsedAt: string | null;
  /** What the client calls itself. */
  readonly lastClient: string | null;
  readonly state: 'live' | 'expired' | 'revoked';
}

/** One renewal of a session, and where it stands. Times are ISO 8601. */
export interface RenewalView {
  readonly id: number;
  readonly sessionId: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  /** After this renewal. */
  readonly renewalCount: number;
  readonly maxRenewals: number | null;
  readonly renewedAt: string;
  /** Until when the owner is asked; null when nobody is. Rejecting works as long as the session lives. */
  readonly windowExpiresAt: string | null;
  readonly decidedAt: string | null;
  /**
   * `final`: nobody was asked. `open`: the owner is asked. `lapsed`: asked, and the window went by or the next renewal came
   * without an answer. `ended`: the session is over, so there is nothing left to decide.
   */
  readonly state: 'final' | 'open' | 'lapsed' | 'kept' | 'rejected' | 'ended';
  readonly sessionState: SessionView['state'];
  /** When the token of the session ends; null: never. */
  readonly expiresAt: string | null;
}

export interface RoleView {
  readonly name: string;
  readonly unread: number;
  /** Messages to the role that ask for an acknowledgement and have none. */
  readonly unacked: number;
  readonly openTasks: number;
  readonly locksHeld: number;
  readonly lastSeenAt: string | null;
}

/** One thing that is wrong, for the status line and the tray. */
export interface HealthProblem {
  readonly code: string;
  readonly message: string;
}

export interface StatusView {
  readonly state: 'ok' | 'degraded' | 'locked';
  readonly problems: readonly HealthProblem[];
  readonly killSwitch: 'NORMAL' | 'ACTIVATED' | 'RECOVERING';
  /** What waits for the person: unread and unacknowledged messages to the Producer, open renewals, escalated completions, missed notices. */
  readonly needsYou: number;
  /** Claimed tasks. */
  readonly working: number;
}

/** One `.done` file. Times are ISO 8601; null: not yet, or not said. */
export interface CompletionView {
  readonly id: number;
  readonly folder: string;
  readonly task: string;
  /** Which completion of the task this is: 1 is the first. */
  readonly times: number;
  readonly team: string | null;
  /** As the file says it; data, never markup. */
  readonly summary: string | null;
  /** A path or an address: shown, never opened by itself. */
  readonly report: string | null;
  readonly state: CompletionState;
  readonly finishedAt: string;
  readonly seenAt: string;
  readonly notifiedAt: string | null;
  readonly escalatedAt: string | null;
  /** When it is escalated unless somebody acks it. */
  readonly escalatesAt: string | null;
  readonly ackedAt: string | null;
  /** `person`, or `file` when another tool made the marker. */
  readonly ackedBy: string | null;
  readonly archivedAt: string | null;
  /** The later completion of the task that took its place. */
  readonly supersededBy: number | null;
}

/** A completion with what was told about it. */
export interface CompletionDetail {
  readonly completion: CompletionView;
  /** Oldest first. */
  readonly notices: readonly {
    readonly id: number;
    readonly escalation: boolean;
    readonly createdAt: string;
    readonly state: NoticeState;
    readonly reason: string | null;
    readonly deliveredAt: string | null;
    readonly attempts: readonly { readonly channel: NoticeChannel; readonly at: string; readonly outcome: 'sent' | 'throttled' | 'failed' | 'refused' | 'unknown'; readonly reason: string | null }[];
  }[];
}

/** The watched folders, and the files in them that are not taken for completions. */
export interface CompletionFolders {
  readonly folders: readonly { readonly path: string; readonly state: FolderState }[];
  /** Newest first; the names with everything unprintable as escapes. */
  readonly refused: readonly { readonly folder: string; readonly name: string; readonly why: Refusal; readonly seenAt: string }[];
}

/** How the kill switch stands. Times are ISO 8601. */
export interface KillSwitchView {
  readonly state: StatusView['killSwitch'];
  readonly activatedAt: string | null;
  readonly reason: string | null;
  readonly actor: 'owner' | 'auto_stop' | 'admin' | 'system' | null;
  /** When a recovery under way can be finished; null when there is none, and when its record is damaged. */
  readonly recoveryEligibleAt: string | null;
  readonly remainingSeconds: number | null;
  /** How long the recovery under way takes, or the next one would. */
  readonly waitSeconds: number;
  /** Whether that takes the signature of an owner first. */
  readonly hasOwner: boolean;
  readonly masterPasswordSet: boolean;
}

export interface OwnerView {
  readonly agentId: string;
  readonly agentName: string;
  /** GRACE: registered, but has not signed anything yet. LOCKED: has shown that they can. */
  readonly state: 'NONE' | 'GRACE' | 'LOCKED';
  readonly chain: OwnerChain | null;
  readonly address: string | null;
}
export type OwnerChain = 'ethereum' | 'solana';
export type OwnerAction = 'verify_owner' | 'change_owner' | 'kill_switch' | 'recover' | 'cancel_recovery';

/** A text for an owner to sign within five minutes. */
export interface OwnerChallenge {
  readonly chain: OwnerChain;
  readonly address: string;
  readonly action: OwnerAction;
  readonly nonce: string;
  readonly timestamp: string;
  readonly message: string;
  readonly expiresAt: string;
}

/** The signed text: `signature` is 0x and hexadecimal digits for Ethereum, base58 for Solana. */
export interface OwnerProof extends Omit<OwnerChallenge, 'expiresAt'> {
  readonly signature: string;
}

/** One notice, and where it stands on each channel. Times are ISO 8601; null: not yet. */
export interface NoticeView {
  readonly id: number;
  readonly type: NoticeType;
  readonly severity: Severity;
  readonly texts: Readonly<Record<Locale, { readonly title: string; readonly summary: string; readonly body: string | null }>>;
  readonly createdAt: string;
  readonly state: NoticeState;
  /** `no_channel`, `muted`, `throttled` or `quiet_hours`; otherwise what the last channel said. */
  readonly reason: string | null;
  readonly deliveredAt: string | null;
  readonly seenAt: string | null;
  readonly actions: readonly NoticeAction[];
  /** The page that shows more. */
  readonly page: string;
  readonly deliveries: readonly {
    readonly channel: NoticeChannel;
    readonly state: DeliveryState;
    readonly attempts: number;
    /** When it is tried (again). */
    readonly dueAt: string;
    readonly mayRepeat: boolean;
    readonly reason: string | null;
    readonly doneAt: string | null;
  }[];
}

export interface NoticeAttemptView {
  readonly channel: NoticeChannel;
  readonly at: string;
  /** `unknown`: the program ended before the answer came. */
  readonly outcome: 'sent' | 'throttled' | 'failed' | 'refused' | 'unknown';
  readonly reason: string | null;
}

/** A channel for notices. */
export interface NoticeChannelView {
  readonly channel: NoticeChannel;
  /** `off`: not set up. `unavailable`: set up, but not here and now. */
  readonly state: 'off' | 'unavailable' | 'failing' | 'ready';
  /** Where it goes, as far as that may be shown. */
  readonly target: string;
  /** What is missing or went wrong; null when nothing did. */
  readonly reason: string | null;
  /** In a row. */
  readonly failures: number;
  readonly lastOkAt: string | null;
  readonly pausedUntil: string | null;
}

export interface NoticesView {
  /** Of how many nobody was told while the person has not looked at them. */
  readonly missed: number;
  /** Newest first. */
  readonly latest: readonly NoticeView[];
  readonly channels: readonly NoticeChannelView[];
  /** What the person does not want to hear, and where. */
  readonly mutes: readonly { readonly type: NoticeType; readonly channel: NoticeChannel }[];
  /** As `22:00-07:00`; empty: none. */
  readonly quietHours: string;
}

/** How a channel stands. Times are ISO 8601. */
export interface ChannelView {
  readonly name: ChannelName;
  readonly paused: boolean;
  readonly state: ChannelState['state'];
  /** Why, and what to do about it; null when there is nothing to say. */
  readonly reason: string | null;
  /** Under which name or number. */
  readonly as: string | null;
  /** What is to be scanned on the phone as a QR code, while it is being paired by one. */
  readonly qr: string | null;
  /** What is to be typed on the phone, while it is being paired by a number. */
  readonly code: string | null;
  /** When it is tried again. */
  readonly retryAt: string | null;
  readonly lastInAt: string | null;
  readonly lastOutAt: string | null;
  /** How many messages wait to be sent. */
  readonly waiting: number;
}

/** A chat that a channel has seen. Of one that no group serves this is all there is. */
export interface ChatView {
  readonly jid: string;
  readonly channel: ChannelName;
  readonly name: string;
  /** Null: not known yet. */
  readonly isGroup: boolean | null;
  readonly lastMessageAt: string | null;
  /** The group that serves it; null: none. */
  readonly group: ChatGroupView | null;
}

export interface ChatGroupView {
  readonly id: string;
  readonly name: string;
  readonly trigger: string;
  readonly requiresTrigger: boolean;
  readonly isMain: boolean;
  /** An agent works on what was said. */
  readonly working: boolean;
  /** The beginning of the last message, with the one who said it; null: nothing was said yet. */
  readonly last: { readonly id: number; readonly sender: string; readonly text: string } | null;
}

/** One message of a served chat. */
export interface ChatMessageView {
  readonly id: number;
  readonly jid: string;
  readonly senderName: string;
  /** Said by the person at a window, which the chat itself does not show. */
  readonly fromPerson: boolean;
  readonly fromBot: boolean;
  readonly content: string;
  readonly sentAt: string;
  readonly kind: ChatMessageKind;
  /** How far an answer got; null for what came in. */
  readonly delivery: Delivery | null;
  readonly deliveryError: string | null;
  readonly runId: string | null;
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

/** A scheduled task: a prompt that runs at a time. Times are ISO 8601. */
export interface ScheduledTaskView {
  readonly id: string;
  readonly groupId: string;
  /** Null: the group is gone. */
  readonly groupName: string | null;
  readonly prompt: string;
  readonly kind: TimingKind;
  /** A cron line; milliseconds as text; a time in ISO 8601, which is local to `zone` unless it carries an offset. */
  readonly value: string;
  /** An IANA name. */
  readonly zone: string;
  /** Whether the zone goes along when that of the settings becomes another. */
  readonly followsZone: boolean;
  readonly contextMode: ContextMode;
  readonly missed: MissedPolicy;
  readonly status: ScheduleStatus;
  readonly pausedBy: PausedBy | null;
  readonly pauseReason: string | null;
  /** Null unless active, and when nothing is to come. */
  readonly nextRun: string | null;
  /** Failed runs in a row. */
  readonly failures: number;
  /** Whether a run of it waits or works now. */
  readonly underWay: boolean;
  /** The newest entry of its run log; null before the first. */
  readonly lastRun: ScheduleRunView | null;
  /** The name of the group whose agent asked for it; null: the person did. */
  readonly createdBy: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One entry of the run log: a run, or due times that passed without one. Times are ISO 8601. */
export interface ScheduleRunView {
  readonly id: string;
  readonly taskId: string;
  readonly cause: RunCause;
  readonly status: ScheduleRunStatus;
  /** When it was due; of several due times, the latest. */
  readonly dueAt: string;
  /** How many due times it stands for; from 100 on it may be more. */
  readonly slots: number;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly result: string | null;
  readonly error: string | null;
}

/** Scheduled tasks that changed, and the ids of those that are gone. */
export interface SchedulePatch {
  readonly changed: readonly ScheduledTaskView[];
  readonly gone: readonly string[];
}

/** When a scheduled task will run. Times are ISO 8601. */
export interface UpcomingRuns {
  readonly task_id: string;
  readonly at: readonly string[];
  /** There are more in that time. */
  readonly has_more: boolean;
}

/** The whole truth a window needs; sent once, then patched. Lists are bounded; older entries come by calls. */
/** A chat that an agent serves. */
export interface GroupView extends Omit<Group, 'createdAt' | 'sessionId'> {
  /** Whether the next run continues a conversation. */
  readonly inConversation: boolean;
  readonly createdAt: string;
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

export interface Snapshot {
  readonly info: AppInfo;
  readonly settings: UiSettings;
  readonly status: StatusView;
  readonly killSwitch: KillSwitchView;
  readonly roles: readonly RoleView[];
  readonly agents: readonly AgentView[];
  readonly sessions: readonly SessionView[];
  /** The newest renewals that the person may still reject or keep, newest first. */
  readonly renewals: readonly RenewalView[];
  /** The newest completions, oldest first. */
  readonly completions: readonly CompletionView[];
  readonly completionFolders: CompletionFolders;
  readonly notices: NoticesView;
  /** Every task that is not done or cancelled, and the most recent of the others. */
  readonly tasks: readonly Task[];
  readonly locks: readonly Lease[];
  readonly waiters: readonly Waiter[];
  readonly channels: readonly ChannelView[];
  /** The chats with the latest message first; at most 200, and every one that is served. */
  readonly chats: readonly ChatView[];
  /** Oldest first. */
  readonly groups: readonly GroupView[];
  /** What waits and what runs, then the newest that ended; the newest first. */
  readonly runs: readonly RunView[];
  /** The newest messages, oldest first. */
  readonly messages: readonly Message[];
  /** The newest events, oldest first. */
  readonly events: readonly LogEvent[];
  /** Every scheduled task, those with a next run first. */
  readonly schedule: readonly ScheduledTaskView[];
  /** The time zone of tasks that name none, an IANA name. */
  readonly scheduleZone: string;
  /** The role in which the person acts. */
  readonly coordinator: string;
  /** The resource names that the team agreed to lock. */
  readonly lockableResources: readonly string[];
}

/**
 * What changed since the snapshot or the last patch. Lists of things with ids hold only the changed ones (insert or
 * replace by id); the short lists (roles, agents, sessions, renewals, locks, waiters, groups, runs) come whole; absent means
 * unchanged.
 */
export interface Patch {
  readonly settings?: UiSettings;
  readonly status?: StatusView;
  readonly killSwitch?: KillSwitchView;
  readonly roles?: readonly RoleView[];
  readonly agents?: readonly AgentView[];
  readonly sessions?: readonly SessionView[];
  readonly renewals?: readonly RenewalView[];
  readonly completions?: readonly CompletionView[];
  readonly completionFolders?: CompletionFolders;
  readonly notices?: NoticesView;
  readonly tasks?: readonly Task[];
  readonly locks?: readonly Lease[];
  readonly waiters?: readonly Waiter[];
  readonly channels?: readonly ChannelView[];
  readonly chats?: readonly ChatView[];
  readonly groups?: readonly GroupView[];
  readonly runs?: readonly RunView[];
  readonly messages?: readonly Message[];
  readonly events?: readonly LogEvent[];
  readonly schedulePatch?: SchedulePatch;
}

export type LiveEvent =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'patch'; readonly patch: Patch }
  /** What live runs printed since the last time; of a flood only the end. */
  | { readonly type: 'output'; readonly runs: readonly { readonly run: string; readonly chunks: readonly RunChunkView[] }[] }
  /** The core asks the window to show a page, for example after a tray click. */
  | { readonly type: 'navigate'; readonly page: Page };

/** The pages of the main window, which are also the paths of deep links. */
export type Page = 'overview' | 'activity' | 'board' | 'messages' | 'locks' | 'agents' | 'chat' | 'schedule' | 'channels' | 'completions' | 'sessions' | 'approvals' | 'owners' | 'notifications' | 'kill-switch';

interface Call<Args, Result> {
  readonly args: Args;
  readonly result: Result;
}
type Nothing = Record<never, never>;

/** Every call, by name. The person acts in the role `Snapshot.coordinator`. */
export interface Calls {
  'messages.post': Call<
    { readonly to_role: string; readonly body: string; readonly thread_id?: string; readonly reply_to?: number; readonly importance?: Message['importance']; readonly ack_required?: boolean },
    { readonly message_id: number }
  >;
  'messages.list': Call<MessageQuery, MessagePage>;
  /** Marks messages to the person as read, up to this one. */
  'messages.markRead': Call<{ readonly up_to_id: number }, { readonly unread: number }>;
  'messages.ack': Call<{ readonly message_id: number }, { readonly acked_at: string }>;
  'tasks.create': Call<
    { readonly title: string; readonly assignee_role: string; readonly detail?: string; readonly priority?: number; readonly depends_on?: readonly number[] },
    { readonly task_id: number }
  >;
  'tasks.claim': Call<{ readonly task_id: number }, { readonly task: Task }>;
  'tasks.update': Call<
    { readonly task_id: number; readonly status?: TaskStatus; readonly note?: string; readonly title?: string; readonly detail?: string; readonly priority?: number; readonly expected_version?: number },
    { readonly task: Task }
  >;
  'tasks.reassign': Call<{ readonly task_id: number; readonly assignee_role: string; readonly reason: string }, { readonly task: Task }>;
  'locks.forceRelease': Call<{ readonly resource: string; readonly reason: string }, { readonly lost_by: readonly string[] }>;
  'log.list': Call<LogQuery, LogQueryPage>;
  'agents.add': Call<{ readonly name: string; readonly role: string }, { readonly agent: AgentView }>;
  /** The token is shown this once and never again. Seconds; null: no limit; absent: as the settings say. */
  'sessions.create': Call<
    { readonly agent: string; readonly ttl_sec?: number | null; readonly max_renewals?: number | null; readonly reject_window_sec?: number },
    { readonly session: SessionView; readonly token: string }
  >;
  /** Stops one agent, until it is resumed; its sessions are kept but cannot act. `agent` is a name or an id. */
  'agents.suspend': Call<{ readonly agent: string; readonly reason: string }, { readonly agent: AgentView }>;
  'agents.resume': Call<{ readonly agent: string }, { readonly agent: AgentView }>;
  'sessions.revoke': Call<{ readonly session_id: string; readonly reason?: string }, { readonly session: SessionView }>;
  /** Ends every live session, and signs tokens with a new key from then on. */
  'sessions.invalidateAll': Call<{ readonly reason?: string }, { readonly revoked: number }>;
  /** Newest first. `open`: the person is asked now; `waiting`: may still say something; `decided`: kept or rejected. */
  'renewals.list': Call<
    { readonly which?: 'all' | 'open' | 'waiting' | 'decided'; readonly agent?: string; readonly before_id?: number; readonly limit?: number },
    { readonly renewals: readonly RenewalView[]; readonly has_more: boolean }
  >;
  /** The person has seen this renewal, and the earlier ones of its session. */
  'renewals.keep': Call<{ readonly renewal_id: number }, { readonly renewal: RenewalView }>;
  /** Ends the session of this renewal. */
  'renewals.reject': Call<{ readonly renewal_id: number }, { readonly renewal: RenewalView }>;
  /** Newest first. `current`: not in the archive; `open`: nobody has reacted yet. */
  'completions.list': Call<
    { readonly which?: 'all' | 'current' | 'open' | 'pending' | 'notified' | 'escalated' | 'acked' | 'archived'; readonly team?: string; readonly task?: string; readonly before_id?: number; readonly limit?: number },
    { readonly completions: readonly CompletionView[]; readonly has_more: boolean }
  >;
  'completions.get': Call<{ readonly completion_id: number }, CompletionDetail>;
  /** The person has seen it. */
  'completions.ack': Call<{ readonly completion_id: number }, { readonly completion: CompletionView }>;
  /** Tells people of it again. */
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
  'completions.resend': Call<{ readonly completion_id: number }, { readonly completion: CompletionView }>;
  /** Stops everything at once. */
  'killSwitch.activate': Call<
    { readonly reason: string },
    { readonly activated: true; readonly timestamp: string; readonly sessionsRevoked: number; readonly agentsSuspended: number; readonly cancelled: Readonly<Record<string, number>> }
  >;
  /** Begins a recovery, or ends it once its wait is over; which of both, the state decides. */
  'killSwitch.recover': Call<
    { readonly master_password: string; readonly proof?: OwnerProof; readonly without_owner?: boolean },
    | { readonly status: 'RECOVERING'; readonly recoveryEligibleAt: string; readonly waitSeconds: number; readonly hasOwner: boolean }
    | { readonly status: 'NORMAL'; readonly recovered: true; readonly timestamp: string; readonly agentsReactivated: number }
  >;
  'killSwitch.cancelRecovery': Call<Nothing, KillSwitchView>;
  'killSwitch.get': Call<Nothing, KillSwitchView>;
  /** The first one. */
  'masterPassword.set': Call<{ readonly password: string }, { readonly set: true }>;
  'masterPassword.change': Call<{ readonly current: string; readonly password: string }, { readonly set: true }>;
  /** One for every agent, those without an owner too. */
  'owners.list': Call<Nothing, { readonly owners: readonly OwnerView[] }>;
  'owners.challenge': Call<{ readonly address: string; readonly chain?: OwnerChain; readonly action: OwnerAction }, OwnerChallenge>;
  /** `agent` is a name or an id; `proof` is the consent (`change_owner`) of a verified owner who is replaced. */
  'owners.set': Call<
    { readonly agent: string; readonly address: string; readonly chain?: OwnerChain; readonly master_password: string; readonly proof?: OwnerProof },
    { readonly owner: OwnerView }
  >;
  'owners.remove': Call<{ readonly agent: string; readonly master_password: string }, { readonly owner: OwnerView }>;
  'owners.verify': Call<{ readonly agent: string; readonly proof: OwnerProof }, { readonly owner: OwnerView }>;
  /** Newest first. `missed`: nobody was told, and the person has not looked at it yet. */
  'notices.list': Call<
    {
      readonly which?: 'all' | 'missed' | 'waiting' | 'delivered' | 'suppressed' | 'failed';
      readonly type?: NoticeType;
      readonly severity?: Severity;
      readonly before_id?: number;
      readonly limit?: number;
    },
    { readonly notices: readonly NoticeView[]; readonly has_more: boolean }
  >;
  'notices.get': Call<{ readonly notice_id: number }, { readonly notice: NoticeView; readonly attempts: readonly NoticeAttemptView[] }>;
  /** Tells it anew, by the rules of now. */
  'notices.resend': Call<{ readonly notice_id: number }, { readonly notice: NoticeView }>;
  /** The person has looked at every notice up to this one. */
  'notices.markSeen': Call<{ readonly up_to_id: number }, { readonly seen: number }>;
  /** Presses a button of the notice. */
  'notices.act': Call<{ readonly notice_id: number; readonly action: NoticeAction }, { readonly notice: NoticeView }>;
  /** Sends a test by this channel; answers when the channel has. */
  'notices.test': Call<{ readonly channel: NoticeChannel }, { readonly notice_id: number; readonly delivered: boolean; readonly reason: string | null }>;
  'notices.mute': Call<{ readonly type: NoticeType; readonly channel: NoticeChannel; readonly muted: boolean }, { readonly mutes: NoticesView['mutes'] }>;
  /** As `22:00-07:00`; empty: none. */
  'notices.setQuietHours': Call<{ readonly hours: string }, { readonly quiet_hours: string }>;
  'notices.status': Call<Nothing, NoticesView>;
  /** Says something to the agent of a group. It is not sent into the chat; the answer is. The same `key` twice is one message. */
  'chat.send': Call<{ readonly group: string; readonly text: string; readonly key?: string }, { readonly message_id: number }>;
  /** Newest first. `group` is an id, a chat address, a folder or a name. */
  'chat.history': Call<
    { readonly group: string; readonly before_id?: number; readonly limit?: number },
    { readonly messages: readonly ChatMessageView[]; readonly has_more: boolean }
  >;
  /** A new chat in the console, with an agent of its own that needs no trigger. */
  'chat.create': Call<{ readonly name: string }, { readonly chat: ChatView }>;
  /** Lets an agent serve a chat that was seen. */
  'chat.register': Call<
    { readonly jid: string; readonly name?: string; readonly trigger?: string; readonly requires_trigger?: boolean; readonly main?: boolean },
    { readonly chat: ChatView }
  >;
  /** What comes in is kept, what is to go out waits, until it is resumed. */
  'channels.pause': Call<{ readonly channel: ChannelName }, { readonly channel: ChannelView }>;
  'channels.resume': Call<{ readonly channel: ChannelName }, { readonly channel: ChannelView }>;
  /** Begins a new pairing, by a QR code or for the phone with this number. Its progress is in `Snapshot.channels`. */
  'channels.pair': Call<{ readonly channel: ChannelName; readonly phone?: string }, { readonly channel: ChannelView }>;
  /** Takes this machine off the account and forgets the pairing. */
  'channels.unpair': Call<{ readonly channel: ChannelName }, { readonly channel: ChannelView }>;
  /** Queues a message that shows whether it works; without `to`, to the person. */
  'channels.test': Call<{ readonly channel: ChannelName; readonly to?: string }, { readonly jid: string }>;
  /** Reads the names of all groups anew. */
  'channels.refreshGroups': Call<{ readonly channel: ChannelName }, { readonly groups: number }>;
  'schedule.create': Call<
    /** `group` is an id, a chat address, a folder or a name. */
    { readonly group: string; readonly prompt: string; readonly kind: TimingKind; readonly value: string; readonly zone?: string; readonly context_mode?: ContextMode; readonly missed?: MissedPolicy },
    { readonly task: ScheduledTaskView }
  >;
  /** What is absent stays; `zone` null: that of the settings. `task` is the id, or enough of its end. */
  'schedule.edit': Call<
    { readonly task: string; readonly prompt?: string; readonly kind?: TimingKind; readonly value?: string; readonly zone?: string | null; readonly context_mode?: ContextMode; readonly missed?: MissedPolicy },
    { readonly task: ScheduledTaskView }
  >;
  'schedule.pause': Call<{ readonly task: string }, { readonly task: ScheduledTaskView }>;
  'schedule.resume': Call<{ readonly task: string }, { readonly task: ScheduledTaskView }>;
  /** Runs it at once, whatever its status. */
  'schedule.run': Call<{ readonly task: string }, { readonly task: ScheduledTaskView; readonly run: ScheduleRunView }>;
  /** Forgets the task and its run log. */
  'schedule.cancel': Call<{ readonly task: string }, { readonly task: ScheduledTaskView }>;
  /** The run log, newest first, of one task, of one group or of all. */
  'schedule.runs': Call<
    { readonly task?: string; readonly group?: string; readonly before_id?: string; readonly limit?: number },
    { readonly runs: readonly ScheduleRunView[]; readonly has_more: boolean }
  >;
  /** When a timing would run, from now on. */
  'schedule.preview': Call<{ readonly kind: TimingKind; readonly value: string; readonly zone?: string; readonly count?: number }, { readonly zone: string; readonly next: readonly string[] }>;
  /** When the tasks that are next will run in the coming hours. */
  'schedule.upcoming': Call<{ readonly hours?: number }, { readonly from: string; readonly until: string; readonly tasks: readonly UpcomingRuns[] }>;
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
