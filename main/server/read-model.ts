import type { Agents } from '../access/agents.ts';
import type { Renewals } from '../access/renewals.ts';
import type { Sessions } from '../access/sessions.ts';
import type { InboxCounts, Lease, LockList, LogEvent, Message, Task } from '../bus/types.ts';
import type { TeamBus } from '../bus/bus.ts';
import type { AgentView, AppInfo, ChannelView, ChatView, CompletionFolders, CompletionView, GroupView, KillSwitchView, NoticesView, RenewalView, RoleView, RunView, SchedulePatch, SessionView, Snapshot, StatusView, UiSettings } from '../../preload/contract.ts';
import { completionFolders, completionView, type CompletionCallParts } from './completion-calls.ts';
import { groupViews, runViews, type AgentRooms } from './agent-views.ts';
import { Board } from './board.ts';
import { channelView, chatViews, type ChatRooms } from './channel-views.ts';
import type { Health } from './health.ts';
import { noticesView, type NoticeRooms } from './notice-calls.ts';
import type { ScheduleModel } from './schedule-model.ts';
import { agentView, renewalView, sessionView } from './views.ts';

/** How much of the long lists a snapshot holds; older entries come by calls. */
export const SNAPSHOT_LIMITS = { messages: 300, events: 500, closedTasks: 200, sessions: 200, renewals: 100, completions: 200 } as const;
const PAGE = 500;

export interface ReadModelParts {
  readonly bus: TeamBus;
  readonly agents: Agents;
  readonly sessions: Sessions;
  readonly renewals: Renewals;
  readonly done: CompletionCallParts;
  readonly notices: NoticeRooms;
  readonly chat: ChatRooms;
  readonly schedule: ScheduleModel;
  readonly work: AgentRooms;
  readonly info: AppInfo;
  readonly settings: () => UiSettings;
  readonly health: () => Promise<Health>;
  readonly killSwitch: () => KillSwitchView;
  /** The role in which the person acts. */
  readonly coordinator: string;
  readonly resources: readonly string[];
}

/** What the windows show, read from the rooms that own it. Nothing is kept here. */
export class ReadModel {
  readonly #parts: ReadModelParts;

  constructor(parts: ReadModelParts) {
    this.#parts = parts;
  }

  /** Everything a window needs, and the board that its later patches continue. */
  async snapshot(): Promise<{ readonly snapshot: Snapshot; readonly board: Board }> {
    const { bus, info, resources } = this.#parts;
    const [messages, events, unfinished, closed, lockList] = await Promise.all([
      bus.listMessages({ limit: SNAPSHOT_LIMITS.messages }),
      bus.listLog({ limit: SNAPSHOT_LIMITS.events }),
      this.unfinishedTasks(),
      this.#lastClosedTasks(),
      bus.listLocks(),
    ]);
    const board = new Board(unfinished);
    const snapshot: Snapshot = {
      info,
      settings: this.settings(),
      killSwitch: this.killSwitch(),
      ...(await this.statusAndRoles(board, lockList.locks)),
      agents: await this.agents(),
      sessions: this.sessions(),
      renewals: this.renewals(),
      completions: this.#lastCompletions(),
      completionFolders: this.completionFolders(),
      notices: this.notices(),
      tasks: [...unfinished, ...closed],
      locks: lockList.locks,
      waiters: lockList.waiters,
      channels: this.channels(),
      chats: this.chats(),
      groups: this.groups(),
      runs: this.runs(),
      messages: messages.messages.toReversed(),
      events: events.events.toReversed(),
      schedule: this.#parts.schedule.all(),
      scheduleZone: this.#parts.schedule.zone,
      coordinator: this.#parts.coordinator,
      lockableResources: resources,
    };
    return { snapshot, board };
  }

  async statusAndRoles(board: Board, locks: readonly Lease[]): Promise<{ readonly status: StatusView; readonly roles: readonly RoleView[] }> {
    const [health, counts] = await Promise.all([this.#parts.health(), this.#parts.bus.inboxCounts()]);
    const own = counts.find(({ role }) => role === this.#parts.coordinator);
    return {
      status: {
        state: health.state,
        problems: health.problems,
        killSwitch: health.killSwitch,
        needsYou: (own?.waiting ?? 0) + this.#parts.renewals.countOpen() + this.#parts.done.completions.rows.countEscalated() + this.#parts.notices.history.countUnheard(),
        working: board.claimed,
      },
      roles: counts.map((count) => roleView(count, board, locks)),
    };
  }

  async unfinishedTasks(): Promise<readonly Task[]> {
    const lists = await Promise.all((['open', 'in_progress', 'blocked'] as const).map(async (status) => this.#everyTask(status)));
    return lists.flat();
  }

  settings(): UiSettings {
    return this.#parts.settings();
  }

  killSwitch(): KillSwitchView {
    return this.#parts.killSwitch();
  }

  async agents(): Promise<readonly AgentView[]> {
    const { agents, sessions, bus } = this.#parts;
    const live = sessions.countLive();
    const recent = sessions.list({ limit: SNAPSHOT_LIMITS.sessions });
    const seen = await bus.lastSeen(recent.map((session) => session.id));
    return agents.list().map((agent) => {
      const signs = recent.flatMap(({ id, agentId }) => (agentId === agent.id ? (seen.get(id) ?? []) : []));
      return agentView(agent, live.get(agent.id) ?? 0, signs.sort().at(-1) ?? null);
    });
  }

  sessions(): readonly SessionView[] {
    return this.#parts.sessions.list({ limit: SNAPSHOT_LIMITS.sessions }).map(sessionView);
  }

  renewals(): readonly RenewalView[] {
    return this.#parts.renewals.list({ which: 'waiting', limit: SNAPSHOT_LIMITS.renewals }).map(renewalView);
  }

  completions(ids: readonly number[]): readonly CompletionView[] {
    const { completions } = this.#parts.done;
    return completions.rows.many(ids).map((completion) => completionView(completions, completion));
  }

  completionFolders(): CompletionFolders {
    return completionFolders(this.#parts.done);
  }

  #lastCompletions(): readonly CompletionView[] {
    const { completions } = this.#parts.done;
    return completions.list({ limit: SNAPSHOT_LIMITS.completions }).toReversed().map((completion) => completionView(completions, completion));
  }

  notices(): NoticesView {
    return noticesView(this.#parts.notices);
  }

  channels(): readonly ChannelView[] {
    return this.#parts.chat.channels.list().map(channelView);
  }

  chats(): readonly ChatView[] {
    return chatViews(this.#parts.chat);
  }

  /** What lines of the log mean for the schedule; null when they are not about it. */
  schedulePatch(events: readonly LogEvent[]): SchedulePatch | null {
    return this.#parts.schedule.patchFor(events);
  }

  groups(): readonly GroupView[] {
    return groupViews(this.#parts.work);
  }

  runs(): readonly RunView[] {
    return runViews(this.#parts.work);
  }

  async tasks(ids: readonly number[]): Promise<readonly Task[]> {
    return this.#parts.bus.getTasks(ids);
  }

  async messages(ids: readonly number[]): Promise<readonly Message[]> {
    return this.#parts.bus.getMessages(ids);
  }

  async locks(): Promise<LockList> {
    return this.#parts.bus.listLocks();
  }

  async #everyTask(status: Task['status']): Promise<readonly Task[]> {
    const tasks: Task[] = [];
    for (;;) {
      const page = await this.#parts.bus.listTasks({ status, after_id: tasks.at(-1)?.id ?? 0, limit: PAGE });
      tasks.push(...page.tasks);
      if (!page.has_more) return tasks;
    }
  }

  /** Finished and cancelled tasks, found by the newest lines of the log so that the cost does not grow with the board. */
  async #lastClosedTasks(): Promise<readonly Task[]> {
    const { events } = await this.#parts.bus.listLog({ kinds: ['task'], limit: PAGE });
    const ids = new Set(events.flatMap(idsOf));
    const tasks = await this.#parts.bus.getTasks([...ids]);
    return tasks
      .filter((task) => task.status === 'done' || task.status === 'cancelled')
      .sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1))
      .slice(0, SNAPSHOT_LIMITS.closedTasks);
  }
}

/** The ids of the tasks or messages that a line of the log is about. */
export function idsOf(event: LogEvent): readonly number[] {
  const ids = event.data['ids'];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'number') : [];
}

function roleView(count: InboxCounts, board: Board, locks: readonly Lease[]): RoleView {
  return {
    name: count.role,
    unread: count.unread,
    unacked: count.unacked,
    openTasks: board.unfinishedOf(count.role),
    locksHeld: locks.filter((lease) => lease.held_by === count.role).length,
    lastSeenAt: count.last_seen_at,
  };
}
