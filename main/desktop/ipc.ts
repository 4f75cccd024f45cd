import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type { CallAnswer, CallArgs, CallError, CallName, LiveEvent, Page } from '../../preload/contract.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { AppError, type ErrorCode } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { CALL_RULES, ruleFor, type CallRule, type CallRules, type WindowRole } from './call-rules.ts';
import { checkSender } from './sender.ts';

/** The two channels between windows and main; preload/index.ts names the same ones. */
const CALL = 'wheelhouse:call';
const EVENT = 'wheelhouse:event';

/** What the windows reach of the core. */
export interface IpcCore {
  readonly live: { subscribe(listener: (event: LiveEvent) => void): Unsubscribe };
  call<N extends CallName>(name: N, args: CallArgs<N>, source: 'window'): Promise<CallAnswer<N>>;
}

export interface IpcDelegate {
  /** The role of a window that we opened; null for everything else. */
  roleOf(webContentsId: number): WindowRole | null;
  /** Asks the person in a native dialog. */
  confirm(name: CallName, args: unknown): Promise<boolean>;
}

interface IpcOptions {
  readonly ipcMain: Pick<IpcMain, 'handle' | 'on'>;
  readonly core: IpcCore;
  readonly delegate: IpcDelegate;
  readonly log: Log;
  readonly rules?: CallRules;
}

interface Feed {
  readonly contents: WebContents;
  readonly stop: Unsubscribe;
}

/** Carries calls and live events between windows and the core, for windows that may have them. */
export class Ipc {
  readonly #options: IpcOptions;
  readonly #feeds = new Map<number, Feed>();
  /** Pages that windows were asked to show before they listened. */
  readonly #pendingPages = new Map<number, Page>();
  #asking = false;

  constructor(options: IpcOptions) {
    this.#options = options;
    options.ipcMain.handle(CALL, async (event: IpcMainInvokeEvent, name: unknown, args: unknown) => this.#call(event, name, args));
    options.ipcMain.on(EVENT, (event: IpcMainEvent) => this.#listen(event));
  }

  /** Makes a window show a page, at once or as soon as it listens. */
  navigate(contents: WebContents, page: Page): void {
    if (this.#feeds.has(contents.id)) this.#send(contents, { type: 'navigate', page });
    else this.#pendingPages.set(contents.id, page);
  }

  dispose(): void {
    for (const id of this.#feeds.keys()) this.#stopFeed(id);
  }

  async #call(event: IpcMainInvokeEvent, name: unknown, args: unknown): Promise<CallAnswer<CallName>> {
    const { delegate, core, log, rules = CALL_RULES } = this.#options;
    const check = checkSender(event, (id) => delegate.roleOf(id));
    if ('refused' in check) {
      log.warn({ reason: check.refused, sender: event.sender.id }, 'call refused');
      return failure('FORBIDDEN', 'This window may not call Wheelhouse.');
    }
    const rule = ruleFor(name, check.role, rules);
    if (rule === null) {
      log.warn({ reason: 'not allowed to this kind of window', role: check.role }, 'call refused');
      return failure('FORBIDDEN', 'This window may not make this call.');
    }
    const call = name as CallName;
    try {
      if (asks(rule, args) && !(await this.#confirm(call, args))) {
        log.info({ call }, 'call was not confirmed');
        return failure('CANCELLED', 'You decided against it. Nothing was changed.');
      }
      return await core.call(call, args as CallArgs<CallName>, 'window');
    } catch (error) {
      if (error instanceof AppError) return failure(error.code, error.message);
      log.error({ err: error, call }, 'call failed');
      return failure('INTERNAL', 'Something went wrong inside Wheelhouse. The log has the details.');
    }
  }

  /** One question at a time: a page cannot bury the person under them. */
  async #confirm(call: CallName, args: unknown): Promise<boolean> {
    if (this.#asking) throw new AppError('CONFLICT', 'Another question is open. Answer it first.');
    this.#asking = true;
    try {
      return await this.#options.delegate.confirm(call, args);
    } finally {
      this.#asking = false;
    }
  }

  #listen(event: IpcMainEvent): void {
    const { delegate, core, log } = this.#options;
    const check = checkSender(event, (id) => delegate.roleOf(id));
    if ('refused' in check) {
      log.warn({ reason: check.refused, sender: event.sender.id }, 'live feed refused');
      return;
    }
    const contents = event.sender;
    const { id } = contents;
    if (this.#feeds.has(id)) this.#stopFeed(id);
    else {
      contents.once('destroyed', () => this.#stopFeed(id));
      contents.once('render-process-gone', () => this.#stopFeed(id));
    }
    this.#feeds.set(id, { contents, stop: core.live.subscribe((live) => this.#send(contents, live)) });
    log.info({ window: id }, 'window listens');
    const page = this.#pendingPages.get(id);
    this.#pendingPages.delete(id);
    if (page !== undefined) this.#send(contents, { type: 'navigate', page });
  }

  #stopFeed(id: number): void {
    this.#feeds.get(id)?.stop();
    this.#feeds.delete(id);
    this.#pendingPages.delete(id);
  }

  #send(contents: WebContents, event: LiveEvent): void {
    if (!contents.isDestroyed()) contents.send(EVENT, event);
  }
}

function asks({ confirm }: CallRule, args: unknown): boolean {
  return typeof confirm === 'function' ? confirm(args) : confirm;
}

function failure(code: ErrorCode, message: string): { readonly ok: false; readonly error: CallError } {
  const { retryable } = new AppError(code);
  return { ok: false, error: { code, message, details: {}, retryable } };
}
