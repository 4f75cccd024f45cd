import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import { requestRenewal, type RenewalAnswer } from './renewal-client.ts';
import { MAX_RETRIES, reactionTo, RETRY_MS } from './renewal-reactions.ts';
import type { TokenClaims } from './session-tokens.ts';
import { readClaims } from './token-claims.ts';

/** `error`: no usable token was found, or renewals keep failing; `expired`: the token ended or was refused. */
export type HolderState = 'active' | 'expired' | 'error';

export interface SessionManagerParts {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** Where the core listens now, without a path. */
  readonly baseUrl: () => string;
  readonly file: {
    /** The token in the file, or null; never throws. */
    read(): string | null;
    write(token: string): Promise<void>;
  };
  /** `WAIAAS_SESSION_TOKEN`: used when the file holds no live token. */
  readonly envToken: string | undefined;
  /** Hears what a person may want to know; never a token. */
  readonly report: (line: string) => void;
}

interface Held {
  readonly token: string;
  readonly sessionId: string;
  readonly expiresAt: number | null;
  /** Null: never again. */
  readonly renewAt: number | null;
}

/** A token is renewed when this share of its life has passed; the core allows it from 50 % on (waiaas.md §2.1). */
const RENEWAL_RATIO = 0.6;
/** The core takes the last token for 60 s more (DESIGN §6), so an answer that was lost is asked for again before that. */
const LOST_ANSWER_MS = 10_000;
const POLL_MS = 60_000;
const DISPOSE_MS = 5000;

/**
 * Holds the session of a long-lived client: loads its token (file before environment), renews it, writes every new one
 * to the file before using it, and finds a token that somebody else wrote (DESIGN §6). The file is read when there is a
 * reason to: before a renewal, after a 401, and every minute while there is no token.
 */
export class SessionManager {
  readonly #parts: SessionManagerParts;
  readonly #due: DueTimer;
  readonly #poll: DueTimer;
  #state: HolderState = 'error';
  #held: Held | null = null;
  /** The last token that the core refused; it is not picked up from the file again. */
  #refused: string | null = null;
  /** What the file still holds although a newer token is in use, because writing that one failed. */
  #outdated: { readonly inFile: string | null } | null = null;
  #failures = 0;
  #busy: Promise<void> | null = null;
  #disposed = false;

  constructor(parts: SessionManagerParts) {
    this.#parts = parts;
    this.#due = new DueTimer(parts.clock, () => this.#onDue());
    this.#poll = new DueTimer(parts.clock, () => void this.#alone(() => this.#onPoll()));
  }

  /** Loads the token. Without one the client still starts: the file is watched for it. */
  start(): void {
    const { file, envToken } = this.#parts;
    const found = [file.read(), envToken?.trim() ?? null].filter((token) => token !== null && token !== '') as string[];
    if (found.some((token) => this.#adopt(token))) return;
    const wasOne = found.some((token) => readClaims(token, this.#now()) !== null);
    this.#lose(wasOne ? 'expired' : 'error', wasOne ? 'The session token has expired.' : 'There is no session token yet.');
  }

  /** The token to use now; null when there is none. The last one stays usable to its end even when renewing it fails. */
  getToken(): string | null {
    const endsAt = this.#held?.expiresAt ?? null;
    if (endsAt !== null && this.#now() >= endsAt) this.#lose('expired', 'The session token has expired.');
    if (this.#held === null && !this.#disposed) this.#adoptFromFile();
    return this.#held?.token ?? null;
  }

  getState(): HolderState {
    return this.#state;
  }

  /** The core answered 401 to `refused`. Whether there is another token to try now. */
  async refresh(refused: string): Promise<boolean> {
    // During a renewal the core knows the new token before we do.
    await this.#busy;
    if (this.#held === null || this.#held.token === refused) {
      if (this.#adoptFromFile()) return true;
      // A token whose successor was lost, with its process or its answer, is still good for one thing.
      await this.#alone(async () => {
        if (this.#held?.token === refused) await this.#renew();
      });
    }
    return this.#held !== null && this.#held.token !== refused;
  }

  /** Stops all timers and lets a renewal under way finish, for at most `graceMs`: its token would be lost otherwise. */
  async dispose(graceMs = DISPOSE_MS): Promise<void> {
    this.#disposed = true;
    this.#due.stop();
    this.#poll.stop();
    if (this.#busy === null) return;
    let stop = (): void => undefined;
    const timeout = new Promise<void>((resolve) => (stop = resolve));
    const timer = this.#parts.clock.setTimer(graceMs, stop);
    await Promise.race([this.#busy, timeout]);
    timer.cancel();
  }

  #now(): number {
    return this.#parts.clock.now();
  }

  #onDue(): void {
    if (this.getToken() === null || this.#held?.renewAt === null) return;
    void this.#alone(() => this.#renew());
  }

  async #renew(): Promise<void> {
    if (this.#disposed || this.#held === null || this.#adoptFromFile()) return;
    const held = this.#held;
    const answer = await requestRenewal(this.#parts, held.sessionId, held.token);
    if (answer.ok) await this.#take(held, answer);
    else if (!this.#disposed) this.#react(answer);
  }

  async #take(held: Held, { token, expiresAt }: RenewalAnswer & { readonly ok: true }): Promise<void> {
    await this.#save(token);
    // By the core's own end, so that differences do not add up over renewals.
    const renewAt = expiresAt === null ? null : expiresAt - (expiresAt - this.#now()) * (1 - RENEWAL_RATIO);
    this.#hold({ token, sessionId: held.sessionId, expiresAt, renewAt });
    this.#parts.report('The session was renewed.');
  }

  #react({ code, reason }: RenewalAnswer & { readonly ok: false }): void {
    const reaction = reactionTo(code);
    this.#parts.report(`The session was not renewed (${reason}).`);
    switch (reaction.kind) {
      case 'wait':
        this.#again(reaction.delayMs);
        return;
      case 'use-up':
        this.#hold({ ...this.#held!, renewAt: null });
        return;
      case 'reload':
        if (reaction.otherwise === 'lost') this.#refused = this.#held!.token;
        if (this.#adoptFromFile()) return;
        if (reaction.otherwise === 'lost') this.#lose('expired', 'The core does not accept the session any more.');
        else this.#retry();
        return;
      case 'retry':
        this.#retry();
    }
  }

  #retry(): void {
    this.#failures += 1;
    if (this.#failures > MAX_RETRIES + 1) this.#state = 'error';
    this.#again(this.#failures === 1 ? LOST_ANSWER_MS : RETRY_MS);
  }

  #again(delayMs: number): void {
    this.#arm(this.#now() + delayMs);
  }

  /** Takes over what somebody else wrote to the file. */
  #adoptFromFile(): boolean {
    const token = this.#parts.file.read();
    if (token === null || token === this.#held?.token || token === this.#refused || token === this.#outdated?.inFile) return false;
    return this.#adopt(token);
  }

  #adopt(token: string): boolean {
    const claims = readClaims(token, this.#now());
    if (claims === null || (claims.expiresAt !== null && claims.expiresAt <= this.#now())) return false;
    this.#outdated = null;
    this.#hold({ token, sessionId: claims.sessionId, expiresAt: claims.expiresAt, renewAt: renewalOf(claims) });
    return true;
  }

  #hold(held: Held): void {
    this.#held = held;
    this.#state = 'active';
    this.#failures = 0;
    if (this.#outdated === null) this.#poll.stop();
    this.#arm(held.renewAt ?? held.expiresAt);
  }

  #lose(state: 'expired' | 'error', why: string): void {
    this.#held = null;
    this.#outdated = null;
    this.#state = state;
    this.#due.stop();
    this.#pollLater();
    this.#parts.report(why);
  }

  /** The next attempt, or the end of the token when that is earlier. */
  #arm(at: number | null): void {
    if (this.#disposed) return;
    this.#due.arm(at === null ? null : Math.min(at, this.#held?.expiresAt ?? at));
  }

  #pollLater(): void {
    if (!this.#disposed) this.#poll.arm(this.#now() + POLL_MS);
  }

  async #onPoll(): Promise<void> {
    if (this.#disposed || this.#adoptFromFile()) return;
    if (this.#held !== null && this.#outdated !== null) await this.#save(this.#held.token);
    else if (this.#held === null) this.#pollLater();
  }

  async #save(token: string): Promise<void> {
    const { file, report } = this.#parts;
    try {
      await file.write(token);
      this.#outdated = null;
    } catch (error) {
      // The renewed token is the only good one: losing it with the write would end the session.
      this.#outdated ??= { inFile: file.read() };
      this.#pollLater();
      report(`The renewed token could not be written and will be again: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** One thing at a time: an older write that ends after a newer one would put the older token into the file. */
  async #alone(work: () => Promise<void>): Promise<void> {
    const before = this.#busy;
    const mine = (async () => {
      await before;
      await work();
    })();
    this.#busy = mine;
    await mine;
    if (this.#busy === mine) this.#busy = null;
  }
}

function renewalOf({ issuedAt, expiresAt }: TokenClaims): number | null {
  return expiresAt === null ? null : expiresAt - (expiresAt - issuedAt) * (1 - RENEWAL_RATIO);
}
