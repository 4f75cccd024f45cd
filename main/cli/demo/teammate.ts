import type { Client } from '@modelcontextprotocol/client';
import type {
  Acked, InboxPage, LockAcquired, LockChecked, LockReleased, LockRenewed, Message, Posted, Task, TaskClaimed, TaskCreated, TaskUpdated,
} from '../../bus/types.ts';

/** One call waits at most this long for news; then it asks again. */
const WAIT_SEC = 20;

/** Lets `ms` of the story pass; rejects when the demo is stopped. */
export type Pause = (ms: number) => Promise<void>;

/** One scripted agent: a real MCP client with a session token of its own, as an agent's program would be. */
export class Teammate {
  readonly role: string;
  readonly #client: Client;
  readonly #pause: Pause;
  readonly #signal: AbortSignal;
  #cursor = 0;
  #unheard: Message[] = [];

  private constructor(role: string, client: Client, pause: Pause, signal: AbortSignal) {
    this.role = role;
    this.#client = client;
    this.#pause = pause;
    this.#signal = signal;
  }

  /** Connects as an agent does: with nothing but the address and its token. */
  static async connect(options: { role: string; url: string; token: string; version: string; pause: Pause; signal: AbortSignal }): Promise<Teammate> {
    const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
    const client = new Client({ name: `wheelhouse-demo-${options.role}`, version: options.version });
    await client.connect(new StreamableHTTPClientTransport(new URL(options.url), { requestInit: { headers: { Authorization: `Bearer ${options.token}` } } }));
    return new Teammate(options.role, client, options.pause, options.signal);
  }

  async leave(): Promise<void> {
    await this.#client.close();
  }

  /** Works for a while. */
  async work(ms: number): Promise<void> {
    await this.#pause(ms);
  }

  async tell(role: string, body: string, more: { readonly thread?: string; readonly answering?: Message; readonly urgent?: true; readonly wantsAnswer?: true } = {}): Promise<void> {
    await this.#call<Posted>('post_message', {
      to_role: role,
      body,
      ...(more.thread !== undefined && { thread_id: more.thread }),
      ...(more.answering !== undefined && { reply_to: more.answering.id, thread_id: more.answering.thread_id }),
      ...(more.urgent && { importance: 'high' }),
      ...(more.wantsAnswer && { ack_required: true }),
    });
  }

  /** The first message that fits, read by now or still to come. What asks for an acknowledgement gets it. */
  async hear(from: string, thread: string): Promise<Message> {
    for (;;) {
      const at = this.#unheard.findIndex((message) => message.from_role === from && message.thread_id === thread);
      const [message] = at === -1 ? [] : this.#unheard.splice(at, 1);
      if (message !== undefined) {
        await this.#pause(900);
        if (message.ack_required) await this.#call<Acked>('ack_message', { message_id: message.id });
        return message;
      }
      const page = await this.#call<InboxPage>('read_inbox', { after_id: this.#cursor, mark_read: true, wait_sec: WAIT_SEC });
      this.#cursor = page.cursor;
      this.#unheard.push(...page.messages);
    }
  }

  async createTask(title: string, role: string, more: { readonly detail?: string; readonly priority?: number; readonly depends_on?: readonly number[] } = {}): Promise<number> {
    const { task_id } = await this.#call<TaskCreated>('create_task', { title, assignee_role: role, ...more });
    return task_id;
  }

  /** Takes the next task that is ready. */
  async claimNext(): Promise<Task> {
    const answer = await this.#call<TaskClaimed>('claim_next_task', {});
    if (!answer.ok) throw new Error(`${this.role} found nothing to claim: ${answer.hint}`);
    return answer.task;
  }

  async updateTask(taskId: number, status: Task['status'], note: string): Promise<void> {
    await this.#call<TaskUpdated>('update_task', { task_id: taskId, status, note });
  }

  /** Works under a lock, waiting for it as long as it takes, and checks at the end that it was never lost. */
  async underLock(resource: string, intent: string, work: (fence: number) => Promise<void>): Promise<void> {
    let answer: LockAcquired;
    do {
      answer = await this.#call<LockAcquired>('acquire_lock', { resource, intent, ttl_sec: 60, wait_sec: WAIT_SEC });
    } while (!answer.acquired);
    await work(answer.fence);
    const check = await this.#call<LockChecked>('check_lock', { resource, fence: answer.fence });
    if (!check.valid) throw new Error(`${this.role} lost ${resource} while it worked`);
    await this.#call<LockReleased>('release_lock', { resource, fence: answer.fence });
  }

  async renew(resource: string): Promise<void> {
    await this.#call<LockRenewed>('heartbeat_lock', { resource, ttl_sec: 60 });
  }

  async #call<Result>(name: string, args: Record<string, unknown>): Promise<Result> {
    const answer = await this.#client.callTool({ name, arguments: args }, { signal: this.#signal });
    if (answer.isError) throw new Error(`${name} refused ${this.role}: ${JSON.stringify(answer.content)}`);
    return answer.structuredContent as Result;
  }
}
