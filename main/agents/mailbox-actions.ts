import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Groups } from './groups.ts';
import { listChats, type ChatDirectory } from './mailbox-chats.ts';
import type { Claim } from './mailbox-claims.ts';
import type { MailboxRequest, RequestOf } from './mailbox-requests.ts';
import { judge } from './mailbox-rules.ts';
import type { Conversations, ScheduleRequests } from './ports.ts';
import type { Group } from './types.ts';

/** Live runs, as far as the mailbox needs to know. The queue stands behind it. */
export interface MailboxRuns {
  /** The run of the group that is under way; null: none. */
  current(groupId: string): string | null;
  /** The agent of the group wrote to its own chat, in the transaction that queued the text. */
  wroteToChat(tx: Tx, groupId: string, text: string): void;
}

export interface TeamCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Makes a repeat of the same request have one effect. */
  readonly key: string;
  /** Ends a call that waits. */
  readonly signal: AbortSignal;
}

/** The tools of the team bus, called as the agent of a group. The server's table of tools stands behind it. */
export interface TeamTools {
  /** Throws what the tool throws; NOT_FOUND for a tool that is not there. */
  call(caller: Group, call: TeamCall): Promise<unknown>;
}

export interface ActionParts {
  readonly store: Store;
  readonly groups: Pick<Groups, 'byJid' | 'create' | 'list'>;
  readonly conversations: Pick<Conversations, 'reply'>;
  readonly chats: ChatDirectory;
  readonly runs: MailboxRuns;
  readonly schedule: ScheduleRequests;
  readonly team: TeamTools;
  /** Brings what the agents can read of the schedule and the groups up to date. */
  readonly writeSnapshots: () => void;
  /** Throws SYSTEM_LOCKED. */
  readonly assertOperational: () => void;
  /** Throws AGENT_SUSPENDED when the agent of the group may not act. */
  readonly assertMayAct: (group: Group) => void;
}

/** Requests after which the snapshots are written before the agent is told. */
const SHOWN: ReadonlySet<MailboxRequest['type']> = new Set(['schedule_task', 'pause_task', 'resume_task', 'cancel_task', 'register_group', 'refresh_groups']);
/** Requests that must not happen twice and cannot be made to: after a crash in the middle nobody knows. */
const ONCE: ReadonlySet<MailboxRequest['type']> = new Set(['schedule_task', 'register_group']);

/** Carries requests out. What it returns is told to the agent, so it returns only when it is done. */
export class MailboxActions {
  readonly #parts: ActionParts;

  constructor(parts: ActionParts) {
    this.#parts = parts;
  }

  /** Whether the request must be marked as begun before it is run. */
  static happensOnce(request: MailboxRequest): boolean {
    return ONCE.has(request.type);
  }

  /** Whether the request may take long because it waits for others. */
  static waits(request: MailboxRequest): boolean {
    return request.type === 'team_call' && Number(request.arguments['wait_sec'] ?? 0) > 0;
  }

  /** Throws FORBIDDEN, SYSTEM_LOCKED, AGENT_SUSPENDED, and what the room throws that does it. */
  async run(caller: Group, request: MailboxRequest, claim: Claim, signal: AbortSignal): Promise<unknown> {
    const result = await this.#do(caller, request, claim, signal);
    if (SHOWN.has(request.type)) this.#parts.writeSnapshots();
    return result;
  }

  async #do(caller: Group, request: MailboxRequest, claim: Claim, signal: AbortSignal): Promise<unknown> {
    const { groups, schedule, assertOperational, assertMayAct } = this.#parts;
    assertOperational();
    assertMayAct(caller);
    const jid = request.type === 'message' ? request.chatJid : request.type === 'schedule_task' ? request.targetJid : null;
    const target = jid === null ? null : groups.byJid(jid);
    const tasks = new Set('taskId' in request ? schedule.list(caller).map(({ id }) => id) : []);
    const verdict = judge({ request, caller, target, tasks });
    if (!verdict.allowed) throw new AppError(verdict.code, verdict.reason, { type: request.type });
    switch (request.type) {
      case 'message':
        return this.#send(caller, target, request, claim);
      case 'schedule_task':
        return schedule.create(caller, {
          groupId: target!.id,
          prompt: request.prompt,
          scheduleType: request.schedule_type,
          scheduleValue: request.schedule_value,
          contextMode: request.context_mode,
        });
      case 'list_tasks':
        return { tasks: schedule.list(caller) };
      case 'pause_task':
        schedule.pause(caller, request.taskId);
        return { paused: request.taskId };
      case 'resume_task':
        schedule.resume(caller, request.taskId);
        return { resumed: request.taskId };
      case 'cancel_task':
        schedule.cancel(caller, request.taskId);
        return { cancelled: request.taskId };
      case 'register_group':
        return this.#register(request);
      case 'refresh_groups':
        return this.#refresh();
      case 'team_call':
        return this.#parts.team.call(caller, { tool: request.tool, arguments: request.arguments, key: `mailbox:${claim.id}`, signal });
    }
  }

  /** The text and the note that this request was carried out commit together: a crash after it repeats nothing. */
  #send(caller: Group, target: Group | null, { chatJid, text }: RequestOf<'message'>, claim: Claim): object {
    const { store, conversations, chats, runs } = this.#parts;
    const queued = store.transact((tx) => {
      this.#parts.assertOperational();
      const last = store.db.prepare('SELECT claim FROM mailbox_sent WHERE group_id = ?').pluck().get(caller.id);
      if (last === claim.id) return true;
      store.db.prepare('INSERT INTO mailbox_sent (group_id, claim) VALUES (@group, @claim) ON CONFLICT (group_id) DO UPDATE SET claim = @claim').run({ group: caller.id, claim: claim.id });
      const runId = runs.current(caller.id);
      const left = target === null || runId === null ? chats.send(tx, chatJid, text) : conversations.reply(tx, target.id, text, { runId, kind: 'reply' });
      if (left && target?.id === caller.id) runs.wroteToChat(tx, caller.id, text);
      return left;
    });
    return queued ? { queued: true } : { queued: false, reason: 'Nothing was left to send: all of it stood between <internal> and </internal>.' };
  }

  #register({ jid, name, folder, trigger, requiresTrigger, containerConfig }: RequestOf<'register_group'>): object {
    const mounts = containerConfig?.additionalMounts?.map(({ hostPath, containerPath, readonly }) => ({
      hostPath,
      ...(containerPath !== undefined && { containerPath }),
      ...(readonly !== undefined && { readonly }),
    }));
    const container = { ...(mounts !== undefined && { additionalMounts: mounts }), ...(containerConfig?.timeout !== undefined && { timeoutMs: containerConfig.timeout }) };
    const group = this.#parts.groups.create({ jid, name, folder, trigger, requiresTrigger, container });
    return { registered: { jid: group.jid, name: group.name, folder: group.folder, trigger: group.trigger, requiresTrigger: group.requiresTrigger } };
  }

  async #refresh(): Promise<object> {
    await this.#parts.chats.refresh();
    return { groups: listChats(this.#parts.chats, this.#parts.groups.list()) };
  }
}
