import type { MailboxRequest } from './mailbox-requests.ts';
import type { Group } from './types.ts';

/** What the rules look at of a group. */
export type Party = Pick<Group, 'id' | 'isMain'>;

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly code: 'FORBIDDEN' | 'NOT_FOUND'; readonly reason: string };

const YES: Verdict = { allowed: true };
const forbidden = (reason: string): Verdict => ({ allowed: false, code: 'FORBIDDEN', reason });

export interface Question {
  readonly request: MailboxRequest;
  /** Whose mailbox the request lay in. Nothing in the request itself says who asks. */
  readonly caller: Party;
  /** The group that serves the chat which the request names; null: no group does. */
  readonly target: Party | null;
  /** The scheduled tasks that the caller may touch, by id; asked only for requests that name one. */
  readonly tasks: ReadonlySet<string>;
}

/** The authorisation table (seed 002, IPC-02; reference §2). */
export function judge({ request, caller, target, tasks }: Question): Verdict {
  switch (request.type) {
    case 'message':
      // The main group also writes to chats that no group serves.
      if (caller.isMain || target?.id === caller.id) return YES;
      return forbidden('A group may write to its own chat only. Ask in the main group to have this sent.');
    case 'schedule_task':
      if (target?.id === caller.id) return YES;
      if (!caller.isMain) return forbidden('A group may schedule tasks for its own chat only.');
      return target !== null ? YES : { allowed: false, code: 'NOT_FOUND', reason: 'No group serves that chat. Register it first, or name the chat of a registered group.' };
    case 'pause_task':
    case 'resume_task':
    case 'cancel_task':
      // One answer for what is not there and for what is not theirs: agents learn nothing of each other.
      if (tasks.has(request.taskId)) return YES;
      return caller.isMain
        ? { allowed: false, code: 'NOT_FOUND', reason: 'There is no such scheduled task. list_tasks names all there are.' }
        : forbidden('This group has no such scheduled task. list_tasks names those it has.');
    case 'register_group':
    case 'refresh_groups':
      return caller.isMain ? YES : forbidden('Only the main group may do this.');
    case 'list_tasks':
    case 'team_call':
      return YES;
  }
}
