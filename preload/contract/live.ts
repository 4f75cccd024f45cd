import type { Lease, LogEvent, Message, Task, Waiter } from '../../main/bus/types.ts';
import type { AgentView, KillSwitchView, RenewalView, SessionView } from './access.ts';
import type { GroupView, RunChunkView, RunView } from './agents.ts';
import type { AppInfo, Page, StatusView, UiSettings } from './app.ts';
import type { RoleView } from './bus.ts';
import type { ChannelView, ChatView } from './channels.ts';
import type { CompletionFolders, CompletionView } from './completions.ts';
import type { NoticesView } from './notify.ts';
import type { SchedulePatch, ScheduledTaskView } from './schedule.ts';

/** The whole truth a window needs; sent once, then patched. Lists are bounded; older entries come by calls. */
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
