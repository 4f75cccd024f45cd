import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buttonUrlRefusal, parseTelegramText } from './telegram-text.ts';

/** The token that the stand-in takes; any other gets 401. */
export const BOT_TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0';

/** One message that the bot sent, as the person sees it. */
export interface BotMessage {
  readonly messageId: number;
  readonly chatId: string;
  /** After parsing, without markup. */
  text: string;
  /** The rows of buttons below it. */
  buttons: readonly (readonly { readonly text: string; readonly url?: string; readonly callback_data?: string }[])[];
  /** Wall time in ms. */
  readonly at: number;
  /** The request as it came. */
  readonly request: Readonly<Record<string, unknown>>;
  edited: boolean;
}

/** A request as it came, refused ones too. */
export interface BotRequest {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** What the next request gets instead of an answer. */
export interface BotFailure {
  readonly status: number;
  readonly description?: string;
  /** Seconds; goes into `parameters.retry_after`, as for 429. */
  readonly retryAfter?: number;
  /** `before`: nothing is done. `after`: it is done, and only the answer gets lost (`status` is not sent then). */
  readonly lose?: 'before' | 'after';
}

/** The Bot API on loopback: the address is the `apiRoot` of a client. */
export interface TelegramApi {
  readonly apiRoot: string;
  readonly requests: readonly BotRequest[];
  readonly messages: readonly BotMessage[];
  /** Answers to pressed buttons. */
  readonly callbackAnswers: readonly Readonly<Record<string, unknown>>[];
  /** The bot gets this by getUpdates; `update_id` is added. */
  push(update: Readonly<Record<string, unknown>>): void;
  /** The next request of this method fails; several calls queue up. */
  failNext(method: string, failure: BotFailure): void;
  /** While it is down every connection is cut. */
  setDown(down: boolean): void;
  /** The person blocked the bot in this chat: 403. */
  block(chatId: string): void;
  /** The group becomes a supergroup: sends to the old id get 400 with the new one, and both tell it by an update each. */
  migrate(from: number, to: number, options?: { readonly told: boolean }): void;
  /** What getFile and the file server give for this id. */
  putFile(fileId: string, bytes: Uint8Array): void;
  /** No answer is given until it is called again with false. */
  setHanging(hanging: boolean): void;
  close(): Promise<void>;
}

type Answer = { readonly result: unknown } | { readonly status: number; readonly description: string; readonly retryAfter?: number; readonly migrateTo?: number };
type Args = Readonly<Record<string, unknown>>;

const LONGEST_TEXT = 4096;
const BOT = { id: 110201543, is_bot: true, first_name: 'Anu', username: 'anu_bot', can_join_groups: true, can_read_all_group_messages: true, supports_inline_queries: false };

/** Starts one on a free port. It speaks the documented protocol: getMe, getUpdates (long polling, one at a time), sendMessage, editMessageText, … */
export async function startTelegramApi(): Promise<TelegramApi> {
  const api = new Api();
  await api.listen();
  return api;
}

class Api implements TelegramApi {
  readonly requests: BotRequest[] = [];
  readonly messages: BotMessage[] = [];
  readonly callbackAnswers: Args[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #failures: { readonly method: string; readonly failure: BotFailure }[] = [];
  readonly #blocked = new Set<string>();
  readonly #moved = new Map<string, number>();
  readonly #files = new Map<string, Uint8Array>();
  readonly #updates: Args[] = [];
  #poll: ((updates: readonly Args[] | null) => void) | null = null;
  #held: (() => void)[] = [];
  #lastUpdateId = 0;
  #lastMessageId = 0;
  #down = false;
  #hanging = false;

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  get apiRoot(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  push(update: Args): void {
    this.#lastUpdateId += 1;
    this.#updates.push({ update_id: this.#lastUpdateId, ...update });
    this.#poll?.(this.#updates);
  }

  failNext(method: string, failure: BotFailure): void {
    this.#failures.push({ method, failure });
  }

  setDown(down: boolean): void {
    this.#down = down;
    if (down) this.#server.closeAllConnections();
  }

  setHanging(hanging: boolean): void {
    this.#hanging = hanging;
    if (hanging) return;
    for (const go of this.#held) go();
    this.#held = [];
  }

  block(chatId: string): void {
    this.#blocked.add(chatId);
  }

  migrate(from: number, to: number, { told } = { told: true }): void {
    this.#moved.set(String(from), to);
    if (!told) return;
    const title = 'Team';
    const common = { date: Math.floor(Date.now() / 1000), from: { id: 77, is_bot: false, first_name: 'Mia' } };
    this.push({ message: { ...common, message_id: 900, chat: { id: from, type: 'group', title }, migrate_to_chat_id: to } });
    this.push({ message: { ...common, message_id: 1, chat: { id: to, type: 'supergroup', title }, migrate_from_chat_id: from } });
  }

  putFile(fileId: string, bytes: Uint8Array): void {
    this.#files.set(fileId, bytes);
  }

  async close(): Promise<void> {
    this.setHanging(false);
    this.#poll?.(null);
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://bot').pathname;
    const file = /^\/file\/bot([^/]+)\/files\/(.+)$/.exec(path);
    if (file !== null) return this.#serveFile(response, file[1] ?? '', decodeURIComponent(file[2] ?? ''));
    const match = /^\/bot([^/]+)\/(\w+)$/.exec(path);
    const args = await argsOf(request);
    if (this.#down) {
      request.socket.destroy();
      return;
    }
    if (match === null) return send(response, { status: 404, description: 'Not Found' });
    const [, token, method] = match as unknown as [string, string, string];
    this.requests.push({ method, args, at: Date.now() });
    if (this.#hanging) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (token !== BOT_TOKEN) return send(response, { status: 401, description: 'Unauthorized' });

    const failure = this.#takeFailure(method);
    if (failure?.lose === undefined && failure !== null) {
      return send(response, {
        status: failure.status,
        description: failure.description ?? (failure.status === 429 ? `Too Many Requests: retry after ${failure.retryAfter ?? 1}` : 'Bad Request: refused by the test'),
        ...(failure.retryAfter !== undefined && { retryAfter: failure.retryAfter }),
      });
    }
    const answer = failure?.lose === 'before' ? null : await this.#answer(method, args);
    if (failure?.lose !== undefined) request.socket.destroy();
    else send(response, answer!);
  }

  #serveFile(response: ServerResponse, token: string, fileId: string): void {
    const bytes = this.#files.get(fileId);
    if (token !== BOT_TOKEN || bytes === undefined) return send(response, { status: 404, description: 'Not Found' });
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(bytes);
  }

  #takeFailure(method: string): BotFailure | null {
    const index = this.#failures.findIndex((planned) => planned.method === method);
    return index === -1 ? null : this.#failures.splice(index, 1)[0]!.failure;
  }

  async #answer(method: string, args: Args): Promise<Answer> {
    switch (method.toLowerCase()) {
      case 'getme':
        return { result: BOT };
      case 'getupdates':
        return this.#getUpdates(args);
      case 'sendmessage':
        return this.#sendMessage(args);
      case 'editmessagetext':
        return this.#editMessage(args);
      case 'answercallbackquery':
        this.callbackAnswers.push(args);
        return { result: true };
      case 'getfile': {
        const fileId = wordOf(args['file_id']);
        const bytes = this.#files.get(fileId);
        if (bytes === undefined) return { status: 400, description: 'Bad Request: invalid file_id' };
        return { result: { file_id: fileId, file_unique_id: fileId, file_size: bytes.byteLength, file_path: `files/${encodeURIComponent(fileId)}` } };
      }
      case 'deletewebhook':
      case 'sendchataction':
      case 'setmycommands':
      case 'logout':
        return { result: true };
      default:
        return { status: 404, description: 'Not Found: method not found' };
    }
  }

  /** A second poll ends the first one with 409, as two programs with one token do to each other. */
  async #getUpdates(args: Args): Promise<Answer> {
    this.#poll?.(null);
    const offset = Number(args['offset'] ?? 0);
    if (offset > 0) while (Number(this.#updates[0]?.['update_id'] ?? Infinity) < offset) this.#updates.shift();
    const timeoutMs = Number(args['timeout'] ?? 0) * 1000;
    if (this.#updates.length > 0 || timeoutMs === 0) return { result: [...this.#updates] };
    const updates = await new Promise<readonly Args[] | null>((resolve) => {
      const timer = setTimeout(() => resolve([]), timeoutMs);
      this.#poll = (found) => {
        clearTimeout(timer);
        this.#poll = null;
        resolve(found === null ? null : [...found]);
      };
    });
    if (updates === null) return { status: 409, description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running' };
    return { result: updates };
  }

  #sendMessage(args: Args): Answer {
    const chatId = wordOf(args['chat_id']);
    if (chatId === '') return { status: 400, description: 'Bad Request: chat_id is empty' };
    if (this.#blocked.has(chatId)) return { status: 403, description: 'Forbidden: bot was blocked by the user' };
    const migrateTo = this.#moved.get(chatId);
    if (migrateTo !== undefined) return { status: 400, description: 'Bad Request: group chat was upgraded to a supergroup chat', migrateTo };
    const content = contentOf(args);
    if ('status' in content) return content;
    this.#lastMessageId += 1;
    const message: BotMessage = { messageId: this.#lastMessageId, chatId, ...content, at: Date.now(), request: args, edited: false };
    this.messages.push(message);
    return { result: wireMessage(message) };
  }

  #editMessage(args: Args): Answer {
    const message = this.messages.find(({ messageId, chatId }) => messageId === Number(args['message_id']) && chatId === wordOf(args['chat_id']));
    if (message === undefined) return { status: 400, description: 'Bad Request: message to edit not found' };
    const content = contentOf(args);
    if ('status' in content) return content;
    if (content.text === message.text && JSON.stringify(content.buttons) === JSON.stringify(message.buttons)) {
      return { status: 400, description: 'Bad Request: message is not modified: specified new message content and reply markup are exactly the same' };
    }
    Object.assign(message, content, { edited: true });
    return { result: wireMessage(message) };
  }
}

function contentOf(args: Args): Pick<BotMessage, 'text' | 'buttons'> | Extract<Answer, { status: number }> {
  const parsed = parseTelegramText(wordOf(args['text']), args['parse_mode'] as string | undefined);
  if ('error' in parsed) return { status: 400, description: parsed.error };
  if (parsed.text.trim() === '') return { status: 400, description: 'Bad Request: message text is empty' };
  if (parsed.text.length > LONGEST_TEXT) return { status: 400, description: 'Bad Request: message is too long' };
  const markup = (typeof args['reply_markup'] === 'string' ? JSON.parse(args['reply_markup']) : args['reply_markup']) as { readonly inline_keyboard?: BotMessage['buttons'] } | undefined;
  const buttons = markup?.inline_keyboard ?? [];
  for (const { url } of buttons.flat()) {
    const refusal = url === undefined ? null : buttonUrlRefusal(url);
    if (refusal !== null) return { status: 400, description: refusal };
  }
  return { text: parsed.text, buttons };
}

function wireMessage({ messageId, chatId, text, at, buttons }: BotMessage): unknown {
  const id = Number(chatId);
  return {
    message_id: messageId,
    from: BOT,
    chat: id < 0 ? { id, type: 'supergroup', title: 'Team' } : { id, type: 'private', first_name: 'Owner' },
    date: Math.floor(at / 1000),
    text,
    ...(buttons.length > 0 && { reply_markup: { inline_keyboard: buttons } }),
  };
}

async function argsOf(request: IncomingMessage): Promise<Args> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf-8');
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://bot').searchParams);
  if (body === '') return query;
  const type = request.headers['content-type'] ?? '';
  if (type.includes('json')) return { ...query, ...(JSON.parse(body) as Args) };
  return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
}

function send(response: ServerResponse, answer: Answer): void {
  const status = 'status' in answer ? answer.status : 200;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(
      'status' in answer
        ? { ok: false, error_code: status, description: answer.description, ...parametersOf(answer) }
        : { ok: true, result: answer.result },
    ),
  );
}

function parametersOf({ retryAfter, migrateTo }: Extract<Answer, { status: number }>): object {
  if (retryAfter !== undefined) return { parameters: { retry_after: retryAfter } };
  return migrateTo === undefined ? {} : { parameters: { migrate_to_chat_id: migrateTo } };
}

/** An argument that may come as text or as a number. */
function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
