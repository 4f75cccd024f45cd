import { createInterface } from 'node:readline';
import type { ChatMessageView, ChatView, LiveEvent } from '../../preload/contract.ts';
import { AppError } from '../base/errors.ts';
import { uuidv7 } from '../base/ids.ts';
import type { CommandContext } from './command.ts';
import type { Core } from './core.ts';
import { EXIT } from './exit-codes.ts';
import { LiveOutput } from './live-output.ts';
import { harmless, oneLine } from './text.ts';

const WAIT_SEC = 600;
const PAGE = 100;
/** What the first chat of the console is called. */
const FIRST = 'Home';

/** `wheelhouse chat`: one text and its answer, or a conversation line by line. */
export async function chat(context: CommandContext): Promise<number> {
  const { core, input } = context;
  const opened = await core('running');
  const group = await groupFor(opened, input.optionalArg('group'));
  const text = input.optionalArg('text');
  const { group: found, messages } = await opened.call('chat.history', { group, limit: 1 });
  const conversation = new Conversation(context, opened, found, messages[0]?.id ?? 0);
  const waitMs = (input.integer('wait') ?? WAIT_SEC) * 1000;
  return text === undefined ? conversation.lines(waitMs) : conversation.once(text, waitMs);
}

/** The group that is named; without a name the first chat of the console, which is made when there is none. */
async function groupFor(core: Core, name: string | undefined): Promise<string> {
  if (name !== undefined) return name;
  const { chats } = await core.call('chats.list', {});
  const own = chats.filter((each) => each.channel === 'console' && each.group !== null);
  const chosen: ChatView = own[0] ?? (await core.call('chat.create', { name: FIRST })).chat;
  return chosen.group!.id;
}

class Conversation {
  readonly #context: CommandContext;
  readonly #core: Core;
  readonly #group: string;
  /** The words that lead back to this chat. */
  readonly #again: string;
  readonly #live: LiveOutput;
  readonly #own = new Set<number>();
  /** The last message that was shown, or was there before. */
  #shown: number;
  /** The last thing that was said from here, and the last that an agent said; 0: nothing. */
  #said = 0;
  #answered = 0;

  constructor(context: CommandContext, core: Core, group: { readonly id: string; readonly folder: string }, lastMessage: number) {
    this.#context = context;
    this.#core = core;
    this.#group = group.id;
    this.#again = `wheelhouse chat ${group.folder}`;
    this.#shown = lastMessage;
    this.#live = new LiveOutput({ io: context.io, output: context.output, core, group: group.id });
  }

  /** Says one thing and ends with its answer; exit code 1 when that is a problem, does not come in time, or is not waited for. */
  async once(text: string, waitMs: number): Promise<number> {
    await this.#say(text);
    if (waitMs === 0) return EXIT.ok;
    let kind: ChatMessageView['kind'] | null = null;
    const ended = await this.#until(waitMs, (answer) => {
      kind = answer.kind;
      return true;
    });
    if (ended === 'late') this.#late();
    return kind === 'reply' ? EXIT.ok : EXIT.failure;
  }

  /**
   * Says every line that comes in, and shows what is answered, until the input ends and the last line is answered. What is
   * typed goes out at once, also into the work of an agent. What a program pipes in is there all at once, and answers do not
   * say to what they are: each line then waits for the answer to the one before, `waitMs` at most.
   */
  async lines(waitMs: number): Promise<number> {
    const { io, output } = this.#context;
    output.note('Write a line and press Enter. Ctrl-D ends.');
    const stdin = io.stdin();
    const typed = 'isTTY' in stdin && stdin.isTTY === true;
    const input = createInterface({ input: stdin, crlfDelay: Infinity });
    let endFollowing = (): void => undefined;
    let goOn = (): void => undefined;
    const following = this.#until(
      null,
      () => {
        goOn();
        return false;
      },
      (end) => (endFollowing = end),
    );
    let stopped = false;
    // Who stops the command, or the end of the core, ends the reading too.
    const ended = following
      .finally(() => {
        stopped = true;
        input.close();
      })
      .catch(() => undefined);
    const answered = async (): Promise<void> => {
      if (!this.#waits || waitMs === 0) return;
      const over = Promise.withResolvers<void>();
      goOn = over.resolve;
      const timer = setTimeout(over.resolve, waitMs);
      await Promise.race([over.promise, ended]);
      clearTimeout(timer);
      if (!stopped && this.#waits) this.#late();
    };
    try {
      for await (const line of input) {
        // It hands on what it has read before it was closed.
        if (stopped) break;
        if (line.trim() === '') continue;
        await this.#say(line);
        if (!typed) await answered();
      }
      if (typed) await answered();
    } finally {
      endFollowing();
    }
    await following;
    return EXIT.ok;
  }

  async #say(text: string): Promise<void> {
    const { message_id: id } = await this.#core.call('chat.send', { group: this.#group, text, key: uuidv7(Date.now()) });
    this.#own.add(id);
    this.#said = id;
  }

  /** Whether what was said last has no answer yet. */
  get #waits(): boolean {
    return this.#said > this.#answered;
  }

  #late(): void {
    this.#context.output.note(`No answer yet. It will stand in the chat: ${this.#again}`);
  }

  /**
   * Shows everything new after each change, and what the agent prints on the way, until `enough` says so of an answer, the time
   * is over (null: never), the person stops it, or `begun` was given a function that is called. Rejects with NOT_RUNNING when
   * the core ends.
   */
  async #until(waitMs: number | null, enough: (answer: ChatMessageView) => boolean, begun: (end: () => void) => void = () => undefined): Promise<'answered' | 'late' | 'stopped'> {
    const { io } = this.#context;
    let looking: Promise<void> = Promise.resolve();
    let unwatch = (): void => undefined;
    let stopListening = (): void => undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const look = async (event: LiveEvent): Promise<void> => {
          await this.#live.heard(event);
          if (event.type === 'output') return;
          const answer = await this.#show();
          if (answer !== null && enough(answer)) resolve('answered');
        };
        const failed = (error: unknown): void => reject(this.#gone(error));
        unwatch = this.#core.watch((event) => {
          looking = looking.then(async () => look(event));
          looking.catch(failed);
        }, failed);
        stopListening = io.onStop(() => {
          this.#left();
          resolve('stopped');
        });
        if (waitMs !== null) timer = setTimeout(() => resolve('late'), waitMs);
        begun(() => resolve('stopped'));
      });
    } finally {
      clearTimeout(timer);
      unwatch();
      stopListening();
    }
  }

  /** The person waits no longer. */
  #left(): void {
    if (!this.#waits) return;
    const { run } = this.#live;
    const abort = run === null ? '' : ` To stop it: wheelhouse run abort ${run.slice(-8)}`;
    this.#context.output.note(`The agent goes on, and its answer will stand in the chat: ${this.#again}.${abort}`);
  }

  /** What was said is in the database, so nothing is lost when the core ends in the middle. */
  #gone(error: unknown): Error {
    if (!(error instanceof AppError)) return error instanceof Error ? error : new Error(String(error));
    if (error.code !== 'NOT_RUNNING' || !this.#waits) return error;
    return new AppError('NOT_RUNNING', `${error.message}\nWhat you said is kept. When Wheelhouse runs again, the answer will stand in the chat: ${this.#again}`, error.details, { cause: error });
  }

  /** Returns the answer to what was said last, once it is there. */
  async #show(): Promise<ChatMessageView | null> {
    const { messages } = await this.#core.call('chat.history', { group: this.#group, limit: PAGE });
    let answer: ChatMessageView | null = null;
    for (const message of messages.toReversed()) {
      if (message.id <= this.#shown) continue;
      this.#shown = message.id;
      if (this.#own.has(message.id)) continue;
      // What it printed before it said this comes first.
      if (message.runId !== null && message.runId === this.#live.run) await this.#live.catchUp();
      this.#context.output.result(message, line(message));
      if (!message.fromBot || message.kind === 'progress') continue;
      this.#answered = message.id;
      if (message.id > this.#said) answer = message;
    }
    return answer;
  }
}

function line({ senderName, kind, content }: ChatMessageView): string {
  const mark = kind === 'error' ? '! ' : kind === 'progress' ? '… ' : '';
  return `${oneLine(senderName)}: ${mark}${harmless(content)}`;
}
