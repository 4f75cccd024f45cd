import type { LogQuery, LogQueryPage, Message, MessagePage, MessageQuery, Task, TaskStatus } from '../../main/bus/types.ts';
import type { Call } from './call.ts';

export interface RoleView {
  readonly name: string;
  readonly unread: number;
  /** Messages to the role that ask for an acknowledgement and have none. */
  readonly unacked: number;
  readonly openTasks: number;
  readonly locksHeld: number;
  readonly lastSeenAt: string | null;
}

export interface BusCalls {
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
}
