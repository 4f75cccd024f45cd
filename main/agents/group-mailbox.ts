import { lstatSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import { AppError, type ErrorCode } from '../base/errors.ts';
import type { Store } from '../store/store.ts';
import { isRequestName, readRequest, type Claim, type Claims } from './mailbox-claims.ts';
import { MailboxActions } from './mailbox-actions.ts';
import { MailboxFolders } from './mailbox-folders.ts';
import { parseRequest, type MailboxRequest } from './mailbox-requests.ts';
import { BOXES, type Box, type MailboxAnswer } from './mailbox-types.ts';
import { RequestRate } from './request-rate.ts';
import type { SetAside } from './set-aside.ts';
import type { Group } from './types.ts';

export interface GroupMailboxParts {
  /** Read anew for each request; null: the group is gone. */
  readonly group: () => Group | null;
  readonly folder: string;
  /** `data/ipc/<folder>`. */
  readonly dir: string;
  readonly claims: Claims;
  readonly errors: SetAside;
  readonly actions: MailboxActions;
  readonly store: Store;
  readonly clock: Clock;
  readonly perMinute: number;
  readonly maxBytes: number;
  /** A file that cannot be read as JSON is given this long to be finished, then it is refused. */
  readonly settleMs: number;
  /** The agent asked for something; for rules that watch how often. */
  readonly asked: (group: Group) => void;
  readonly report: (what: string, error: unknown) => void;
}

const REREAD_MS = 100;
/** Times of files may be behind by some milliseconds. */
const CLOCK_SLACK_MS = 1000;
/** As many calls of one group may wait for others at the same time. */
const MOST_WAITING = 8;

/**
 * The mailbox of one group. Its requests are carried out one after another, in the order of their names, apart from those
 * that wait for others; the groups do not wait for each other.
 */
export class GroupMailbox {
  readonly #parts: GroupMailboxParts;
  readonly #folders: MailboxFolders;
  readonly #rate: RequestRate;
  readonly #ending = new AbortController();
  /** Calls that wait for others, by the id of their claim. */
  readonly #waiting = new Map<string, Promise<void>>();
  /** Whether a request may have been left claimed, because the disk was full or the database busy. */
  #unsettled = false;
  #draining: Promise<void> | null = null;
  #again = false;

  constructor(parts: GroupMailboxParts) {
    this.#parts = parts;
    this.#folders = new MailboxFolders({
      dir: parts.dir,
      clock: parts.clock,
      tell: (place, what) => this.#log('mailbox_spoilt', `In the mailbox of ${this.#name()} ${what}`, { place: place.slice(0, 300) }),
    });
    this.#rate = new RequestRate(parts.perMinute, parts.clock.monotonic());
  }

  /** Makes the folders, and settles what a crash left behind. */
  async prepare(): Promise<void> {
    this.#folders.make();
    this.#parts.claims.prepare();
    await this.#settleLeft();
  }

  /** Something may have come. Never throws; returns at once. */
  poke(): void {
    if (this.#ending.signal.aborted) return;
    if (this.#draining !== null) {
      this.#again = true;
      return;
    }
    this.#draining = this.#drain().finally(() => {
      this.#draining = null;
      if (this.#again) this.poke();
    });
  }

  /** Makes the folders again that somebody removed, throws old answers away, settles what could not be settled, and looks. */
  async check(): Promise<void> {
    try {
      this.#folders.make();
      this.#folders.pruneAnswers();
      if (this.#unsettled && this.#draining === null) await this.#settleLeft();
    } catch (error) {
      this.#parts.report(`the mailbox of ${this.#parts.folder} cannot be used`, error);
    }
    this.poke();
  }

  /** Lets the request under way finish, ends those that wait. What is not taken yet stays where it is. */
  async stop(): Promise<void> {
    this.#ending.abort(new AppError('NOT_RUNNING', 'Wheelhouse is stopping. Repeat the request when it runs again.'));
    await this.#draining;
    await Promise.all(this.#waiting.values());
  }

  async #drain(): Promise<void> {
    try {
      do {
        this.#again = false;
        for (const { box, name } of this.#list()) {
          if (this.#ending.signal.aborted) return;
          const claim = this.#take(box, name);
          if (claim === null) continue;
          await this.#handle(claim);
          this.#again = true;
        }
        // Going round again finds what came in the meantime, and what a long listing left out.
      } while (this.#again && !this.#ending.signal.aborted);
    } catch (error) {
      this.#again = false;
      this.#unsettled = true;
      this.#parts.report(`the mailbox of ${this.#parts.folder} cannot be read; it is tried again`, error);
    }
  }

  /** What lies in the boxes, in the order of the names. */
  #list(): { box: Box; name: string }[] {
    const found = BOXES.flatMap((box) => {
      const names = this.#folders.within(box, (folder) => folder.names((name) => name.endsWith('.json') && !name.startsWith('.')));
      return (names ?? []).map((name) => ({ box, name }));
    });
    return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** Null for what is gone, and for what cannot be moved: that must not keep up what can. */
  #take(box: Box, name: string): Claim | null {
    try {
      return this.#folders.within(box, (folder) => this.#parts.claims.take(folder, box, name));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EBUSY') throw error;
      this.#folders.tellOnce(`${box}/${name}`, `${box}/${name.slice(0, 200)} cannot be taken (${code}); it stays where it is`);
      return null;
    }
  }

  async #handle(claim: Claim): Promise<void> {
    const rate = this.#rate.take(this.#parts.clock.monotonic());
    if (!rate.granted) {
      const reason = `This group has asked for more than ${this.#parts.perMinute} things within a minute. Try again in ${Math.ceil(rate.retryAfterMs / 1000)} s.`;
      if (rate.first) this.#log('request_limited', `${this.#name()} asks for more than ${this.#parts.perMinute} things a minute; the rest is refused`, {});
      this.#answer(claim, { ok: false, error: { code: 'RATE_LIMITED', message: reason, retryable: true } });
      return this.#parts.claims.finish(claim);
    }
    const request = await this.#read(claim);
    if (request === null) return;
    if (!MailboxActions.waits(request)) return this.#carryOut(claim, request);
    if (this.#waiting.size >= MOST_WAITING) {
      this.#answer(claim, { ok: false, error: { code: 'RATE_LIMITED', message: `${MOST_WAITING} calls of this group wait already. Let one end first.`, retryable: true } });
      return this.#parts.claims.finish(claim);
    }
    const waiting = this.#carryOut(claim, request)
      .catch((error: unknown) => this.#parts.report(`a request of ${this.#parts.folder} could not be settled`, error))
      .finally(() => this.#waiting.delete(claim.id));
    this.#waiting.set(claim.id, waiting);
  }

  /** The request, once it is whole; null when it was refused. */
  async #read(claim: Claim): Promise<MailboxRequest | null> {
    if (!isRequestName(claim.name)) {
      await this.#refuse(claim, 'INPUT_INVALID', 'its name may have letters, digits and . _ @ + - only, and at most 180 of them before .json');
      return null;
    }
    const since = this.#parts.clock.monotonic();
    let read = readRequest(claim, this.#parts.maxBytes);
    while (!read.ok && !read.settled && this.#parts.clock.monotonic() - since < this.#parts.settleMs && !this.#ending.signal.aborted && this.#isFresh(claim)) {
      await new Promise<void>((resolve) => void this.#parts.clock.setTimer(REREAD_MS, resolve));
      read = readRequest(claim, this.#parts.maxBytes);
    }
    if (!read.ok) {
      await this.#refuse(claim, 'INPUT_INVALID', read.reason);
      return null;
    }
    try {
      return parseRequest(claim.box, read.value);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await this.#refuse(claim, error.code, error.message);
      return null;
    }
  }

  /** Whether somebody may still be writing it. */
  #isFresh(claim: Claim): boolean {
    const age = this.#parts.clock.now() - lstatSync(claim.file).mtimeMs;
    return Math.abs(age) < this.#parts.settleMs;
  }

  async #carryOut(taken: Claim, request: MailboxRequest): Promise<void> {
    const group = this.#parts.group();
    if (group === null) return this.#refuse(taken, 'FORBIDDEN', 'the group is not registered any more');
    // What the agent of an earlier group of this folder left must not be done in the name of this one.
    if (lstatSync(taken.file).mtimeMs < group.createdAt - CLOCK_SLACK_MS) return this.#refuse(taken, 'FORBIDDEN', 'it is older than the group');
    this.#parts.asked(group);
    const claim = MailboxActions.happensOnce(request) ? this.#parts.claims.begin(taken) : taken;
    try {
      const result = await this.#parts.actions.run(group, request, claim, this.#ending.signal);
      this.#answer(claim, { ok: true, result });
      this.#parts.claims.finish(claim);
    } catch (error) {
      if (!(error instanceof AppError)) {
        this.#parts.report(`a request of ${this.#parts.folder} failed`, error);
        await this.#refuse(claim, 'INTERNAL', `${request.type} failed inside Wheelhouse; its log says why`);
      } else if (error.code === 'FORBIDDEN') {
        await this.#refuse(claim, error.code, error.message, request.type);
      } else {
        this.#answer(claim, { ok: false, error: { code: error.code, message: error.message, retryable: error.retryable } });
        this.#parts.claims.finish(claim);
      }
    }
  }

  async #settleLeft(): Promise<void> {
    this.#unsettled = false;
    for (const claim of this.#parts.claims.left()) if (!this.#waiting.has(claim.id)) await this.#recover(claim);
  }

  /** What was under way when the program died. */
  async #recover(claim: Claim): Promise<void> {
    if (!claim.begun) return this.#handle(claim);
    const message = 'Wheelhouse was interrupted while it did this: it may have happened or not. Look before you repeat it.';
    this.#answer(claim, { ok: false, error: { code: 'CONFLICT', message, retryable: false } });
    this.#log('request_interrupted', `A request of ${this.#name()} was interrupted; whether it took effect is not known`, { file: claim.name });
    this.#parts.claims.finish(claim);
  }

  /** Answers, sets the file aside with the reason beside it, and shows it in the log. */
  async #refuse(claim: Claim, code: ErrorCode, reason: string, type: string | null = null): Promise<void> {
    this.#answer(claim, { ok: false, error: { code, message: reason, retryable: false } });
    const kept = await this.#parts.errors.keep(claim, { folder: this.#parts.folder, code, reason });
    const what = type === null ? `A file in the mailbox of ${this.#name()} was refused` : `${this.#name()} may not do this (${type})`;
    this.#log('request_refused', `${what}: ${reason}`, { file: claim.name.slice(0, 200), box: claim.box, code, kept });
  }

  #answer(claim: Claim, answer: MailboxAnswer): void {
    if (!isRequestName(claim.name)) return;
    try {
      this.#folders.putAnswer(claim.name, answer);
    } catch (error) {
      // The agent spoilt its own folder of answers, or the disk is full: the request is settled all the same.
      this.#parts.report(`an answer for ${this.#parts.folder} could not be written`, error);
    }
  }

  #name(): string {
    return this.#parts.group()?.name ?? this.#parts.folder;
  }

  #log(action: string, text: string, data: Readonly<Record<string, unknown>>): void {
    const group = this.#parts.group();
    this.#parts.store.transact((tx) =>
      tx.event({ kind: 'group', action, text, subject: group === null ? null : `group:${group.id}`, data: { folder: this.#parts.folder, ...data } }),
    );
  }
}
