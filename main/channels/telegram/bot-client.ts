import type { InlineKeyboardMarkup, Update, UserFromGetMe } from 'grammy/types';

/** Why the Bot API did not do what was asked, in the words of what to do about it. */
export class BotError extends Error {
  override readonly name = 'BotError';
  /**
   * `token`: it is not valid (401, 404). `conflict`: another program reads the same bot, or a webhook does (409). `limited`: too
   * many (429). `refused`: never (400, 403). `trouble`: their side (5xx). `unreachable`: no answer came.
   */
  readonly kind: 'token' | 'conflict' | 'limited' | 'refused' | 'trouble' | 'unreachable';
  readonly retryAfterMs: number | null;
  /** Whether it may have been done all the same. */
  readonly maybeDone: boolean;
  /** The group became a supergroup, which has this id; null: it did not. */
  readonly movedTo: number | null;

  constructor(kind: BotError['kind'], message: string, more: { readonly retryAfterMs?: number | null; readonly maybeDone?: boolean; readonly movedTo?: number } = {}) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs ?? null;
    this.maybeDone = more.maybeDone ?? false;
    this.movedTo = more.movedTo ?? null;
  }
}

export interface BotText {
  readonly chatId: number;
  readonly topicId: number | null;
  readonly text: string;
  readonly buttons?: InlineKeyboardMarkup;
}

/** The calls of the Bot API that are used here. Every one rejects with BotError, and with nothing that holds the token. */
export interface BotClient {
  me(signal: AbortSignal): Promise<UserFromGetMe>;
  /** Waits for up to `waitSec` seconds. `offset`: forgets all updates before it. */
  updates(offset: number, waitSec: number, signal: AbortSignal): Promise<readonly Update[]>;
  send(message: BotText): Promise<void>;
  /** Puts a text in the place of an earlier one, whose buttons go away. */
  edit(chatId: number, messageId: number, text: string): Promise<void>;
  /** Tells that a pressed button was heard. */
  answerButton(id: string, text?: string): Promise<void>;
  typing(chatId: number, topicId: number | null): Promise<void>;
  /** The commands that the person is offered in this chat. */
  offerCommands(chatId: number, commands: readonly { readonly command: string; readonly description: string }[]): Promise<void>;
  download(fileId: string, maxBytes: number): Promise<Uint8Array>;
}

/** Connections that were refused or never made cannot have done anything. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const CALL_MS = 30_000;
const DOWNLOAD_MS = 120_000;
const UPDATES = ['message', 'callback_query', 'my_chat_member'] as const;

/** A client of the Bot API at `apiRoot`. Its library is loaded here, because a program without a bot does not need it. */
export async function createBotClient(token: string, apiRoot: string): Promise<BotClient> {
  // The build for browsers uses the fetch of the platform; the one for Node brings an old one of its own.
  const { Api, GrammyError, HttpError } = await import('grammy/web');
  const api = new Api(token, { apiRoot });
  type GrammySignal = Parameters<typeof api.getMe>[0];
  const within = (ms: number, signal?: AbortSignal): GrammySignal =>
    (signal === undefined ? AbortSignal.timeout(ms) : AbortSignal.any([signal, AbortSignal.timeout(ms)])) as unknown as GrammySignal;

  const explain = (error: unknown): BotError => {
    if (error instanceof GrammyError) {
      const { error_code: code, description, parameters } = error;
      const retryAfterMs = parameters.retry_after === undefined ? null : parameters.retry_after * 1000;
      if (code === 401 || code === 404) return new BotError('token', 'Telegram does not know the token of the bot. Set ANU_BOT_TOKEN to the one that @BotFather shows.');
      if (code === 409) return new BotError('conflict', description);
      if (code === 429) return new BotError('limited', description, { retryAfterMs });
      if (parameters.migrate_to_chat_id !== undefined) {
        return new BotError('refused', `The group became a supergroup with the address tg:${parameters.migrate_to_chat_id}.`, { movedTo: parameters.migrate_to_chat_id });
      }
      if (code >= 500) return new BotError('trouble', `Telegram has trouble (${code}).`, { retryAfterMs, maybeDone: true });
      return new BotError('refused', description);
    }
    const cause = error instanceof HttpError ? error.error : error;
    const code = (cause as { readonly cause?: { readonly code?: string } } | null)?.cause?.code;
    return new BotError('unreachable', `Telegram cannot be reached${code === undefined ? '' : ` (${code})`}.`, { maybeDone: code === undefined || !NEVER_LEFT.has(code) });
  };
  const call = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      // The error of the library holds the message; only what it says goes on.
      throw explain(error);
    }
  };
  const topic = (id: number | null): { readonly message_thread_id?: number } => (id === null ? {} : { message_thread_id: id });

  return {
    me: async (signal) => call(api.getMe(within(CALL_MS, signal))),
    updates: async (offset, waitSec, signal) =>
      call(api.getUpdates({ offset, timeout: waitSec, allowed_updates: [...UPDATES] }, within(waitSec * 1000 + CALL_MS, signal))),
    async send({ chatId, topicId, text, buttons }) {
      await call(
        api.sendMessage(chatId, text, { ...topic(topicId), link_preview_options: { is_disabled: true }, ...(buttons !== undefined && { reply_markup: buttons }) }, within(CALL_MS)),
      );
    },
    async edit(chatId, messageId, text) {
      await call(api.editMessageText(chatId, messageId, text, { reply_markup: { inline_keyboard: [] } }, within(CALL_MS)));
    },
    async answerButton(id, text) {
      await call(api.answerCallbackQuery(id, text === undefined ? {} : { text }, within(CALL_MS)));
    },
    async typing(chatId, topicId) {
      await call(api.sendChatAction(chatId, 'typing', topic(topicId), within(CALL_MS)));
    },
    async offerCommands(chatId, commands) {
      await call(api.setMyCommands([...commands], { scope: { type: 'chat', chat_id: chatId } }, within(CALL_MS)));
    },
    async download(fileId, maxBytes) {
      const { file_path: path } = await call(api.getFile(fileId, within(CALL_MS)));
      if (path === undefined) throw new BotError('refused', 'Telegram does not give this file away.');
      return download(`${apiRoot}/file/bot${token}/${path}`, maxBytes);
    },
  };
}

async function download(address: string, maxBytes: number): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(DOWNLOAD_MS), redirect: 'error' });
  } catch {
    // What fetch throws may hold the address, and with it the token.
    throw new BotError('unreachable', 'A file could not be fetched from Telegram.');
  }
  if (!response.ok || response.body === null) throw new BotError('refused', `Telegram answered ${response.status} instead of a file.`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    // One byte too many is enough to know that it is too large.
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks);
}
