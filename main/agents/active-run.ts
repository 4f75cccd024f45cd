import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Store, Tx } from '../store/store.ts';
import { workingText, type ChatLanguage } from './chat-texts.ts';
import type { Groups } from './groups.ts';
import type { AgentRunner, Conversations, LiveRun, PendingMessages, RunEnd, RunListener, RunPlace, RunRequest } from './ports.ts';
import { followUpId } from './run-ends.ts';
import type { RunRow, RunRows } from './run-rows.ts';
import type { RunWatch } from './run-watch.ts';
import type { Group, RunOutput } from './types.ts';

export interface RunTimes {
  /** For how long an agent without work is kept for follow-ups. */
  readonly idleMs: number;
  /** For how long one that did a scheduled task is: nothing follows, but a second text may (reference §1.3). */
  readonly taskCloseMs: number;
  /** How long an agent may take to end after it was asked to; then it is stopped. */
  readonly closeGraceMs: number;
  /** After how long without a text the chat hears that it still works, then after twice as long; null: never. */
  readonly progressMs: number | null;
}

export interface ActiveRunParts {
  readonly store: Pick<Store, 'transact'>;
  readonly clock: Clock;
  readonly rows: RunRows;
  readonly groups: Groups;
  readonly conversations: Conversations;
  readonly watch: RunWatch;
  readonly times: RunTimes;
  readonly language: () => ChatLanguage;
  readonly report: (what: string, error: unknown) => void;
  /** Its state changed in a way that matters to what waits. */
  readonly changed: () => void;
}

/** One run that holds a slot: what it says goes to the chat at once, what is said to it goes in (RUNNER-02, QUEUE-02, QUEUE-03). */
export class ActiveRun {
  readonly run: RunRow;
  readonly group: Group;
  /** What the agent's last word was when that was an error. */
  agentError: string | null = null;
  readonly #parts: ActiveRunParts;
  readonly #live: LiveRun;
  readonly #idle: DueTimer;
  readonly #grace: DueTimer;
  readonly #progress: DueTimer;
  #place: RunPlace = { containerName: null, pid: null };
  #idleSince: number | null = null;
  #idleAt: number | null = null;
  #closing = false;
  #over = false;
  #notRecorded: string | null = null;
  #personSaid = 0;
  #progressWait: number | null;

  constructor(parts: ActiveRunParts, runner: AgentRunner, run: RunRow, request: RunRequest) {
    const { clock } = parts;
    this.#parts = parts;
    this.run = run;
    this.group = request.group;
    this.#idle = new DueTimer(clock, () => this.close());
    this.#grace = new DueTimer(clock, () => void this.stop());
    this.#progress = new DueTimer(clock, () => this.#tellProgress());
    this.#progressWait = parts.times.progressMs;
    this.#atWork();
    const listener: RunListener = {
      started: (place) => this.#started(place),
      output: (output) => this.#output(output),
      printed: (stream, text) => parts.watch.add(run.id, stream, text),
    };
    this.#live = runner.start(request, listener);
  }

  /** Where it takes place (QUEUE-01); both null before it does. */
  get place(): RunPlace {
    return this.#place;
  }

  /** When its turn ended, on the monotonic clock; null while it works. */
  get idleSince(): number | null {
    return this.#idleSince;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** Whether messages may still be handed to it. A scheduled task gets none: they are not what it was asked to do. */
  get takesMessages(): boolean {
    return this.run.kind === 'messages' && !this.#closing && !this.#over;
  }

  /** Resolves when it is over and everything it said was taken in. */
  async ended(): Promise<RunEnd> {
    const end = await this.#live.ended;
    this.#over = true;
    for (const timer of [this.#idle, this.#grace, this.#progress]) timer.stop();
    this.#parts.conversations.working(this.group.id, false);
    if (this.#notRecorded === null) return end;
    return { ...end, status: 'failed', cause: 'not_recorded', error: this.#notRecorded };
  }

  /** Hands it messages that came meanwhile. The cursor moves first, and back when they cannot be written. */
  give(pending: PendingMessages): void {
    const { store, conversations, rows } = this.#parts;
    const given = store.transact((tx) => {
      const cursorBefore = conversations.advance(tx, this.group.id, pending.upTo);
      const n = rows.give(this.run.id, { cursorBefore, upTo: pending.upTo, messages: pending.count, now: tx.now });
      this.#event(tx, 'follow_up', `The agent of ${this.group.name} was handed ${pending.count} more messages`);
      return { n, cursorBefore };
    });
    this.#atWork();
    this.#parts.watch.add(this.run.id, 'input', pending.prompt);
    void this.#write(given, pending.prompt);
  }

  /** Says something to it that is not part of the chat. Rejects when that cannot be written. */
  async tell(text: string): Promise<void> {
    await this.#live.followUp(`${this.run.id}-person-${++this.#personSaid}`, text);
    this.#parts.store.transact((tx) => this.#event(tx, 'told', `The person told the agent of ${this.group.name} something`));
    this.#parts.watch.add(this.run.id, 'input', text);
    this.#atWork();
  }

  /** The agent wrote to its chat by another way, as its mailbox: from here on its messages count as answered. */
  wroteElsewhere(tx: Tx, text: string): void {
    this.#parts.rows.sent(this.run.id, text);
    this.#event(tx, 'answered', `The agent of ${this.group.name} wrote to the chat`);
  }

  /** Lets it end when its turn is over; when it does not, it is stopped. */
  close(): void {
    if (this.#closing || this.#over) return;
    this.#closing = true;
    this.#idle.stop();
    this.#grace.arm(this.#parts.clock.now() + this.#parts.times.closeGraceMs);
    void this.#requestClose();
    this.#parts.changed();
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    this.#closing = true;
    await this.#live.stop('stopped');
  }

  /** Ends it at once. */
  async abort(cause: 'aborted' | 'kill_switch'): Promise<void> {
    this.#closing = true;
    await this.#live.abort(cause);
  }

  async #requestClose(): Promise<void> {
    try {
      await this.#live.requestClose();
    } catch (error) {
      this.#parts.report(`the agent of ${this.group.name} could not be asked to end; it is stopped`, error);
      await this.stop();
    }
  }

  async #write(given: { readonly n: number; readonly cursorBefore: number }, prompt: string): Promise<void> {
    try {
      await this.#live.followUp(followUpId(this.run.id, given.n), prompt);
    } catch (error) {
      this.#parts.report(`messages could not be handed to the agent of ${this.group.name}; its next run gets them`, error);
      this.#takeBack(given);
    }
  }

  /** What was given later goes back as well: it is after these in the chat. */
  #takeBack({ n, cursorBefore }: { readonly n: number; readonly cursorBefore: number }): void {
    if (this.#over) return;
    const { store, conversations, rows } = this.#parts;
    this.close();
    store.transact((tx) => {
      const late = rows.inputs(this.run.id).filter((input) => input.n >= n);
      if (late.length === 0) return;
      for (const input of late) rows.takeBack(this.run.id, input.n);
      conversations.rollBack(tx, this.group.id, cursorBefore);
      this.#event(tx, 'follow_up_lost', `The agent of ${this.group.name} could not be handed messages; its next run gets them`);
    });
    this.#parts.changed();
  }

  #started(place: RunPlace): void {
    this.#place = place;
    this.#keep((tx) => {
      this.#parts.rows.placed(this.run.id, place);
      const where = place.containerName ?? (place.pid === null ? '' : `process ${place.pid}`);
      this.#event(tx, 'running', `The agent of ${this.group.name} runs${where === '' ? '' : ` in ${where}`}`);
    });
  }

  #output(output: RunOutput): void {
    const { watch } = this.#parts;
    if (output.status === 'success') this.agentError = null;
    else this.agentError = output.error ?? 'The agent reported an error and did not say which.';
    const sent = this.#keep((tx) => this.#record(tx, output)) ?? false;
    if (output.result !== null) watch.add(this.run.id, 'result', output.result);
    if (sent) this.#progressWait = this.#parts.times.progressMs;
    if (output.status === 'success') this.#turnOver(output.result !== null);
    else if (sent && this.#idleSince === null) this.#armProgress();
  }

  /** Everything that follows from an output commits together: the reply is on its way if and only if it is counted. */
  #record(tx: Tx, { status, result, newSessionId }: RunOutput): boolean {
    const { rows, groups, conversations } = this.#parts;
    const { id, contextMode } = this.run;
    if (status === 'success' && newSessionId !== undefined) {
      rows.setSession(id, newSessionId);
      if (contextMode === 'group') groups.setSession(tx, this.group.id, newSessionId);
    }
    const sent = result !== null && conversations.reply(tx, this.group.id, result, { runId: id, kind: 'reply' });
    if (sent) {
      rows.sent(id, result);
      this.#event(tx, 'answered', `The agent of ${this.group.name} answered`);
    }
    if (status === 'success') rows.setTurnOver(id);
    return sent;
  }

  /** Runs a change; when it cannot be written the run ends, because what it says would be lost. */
  #keep<T>(change: (tx: Tx) => T): T | undefined {
    try {
      return this.#parts.store.transact(change);
    } catch (error) {
      this.#notRecorded ??= error instanceof Error ? error.message : String(error);
      this.#parts.report(`what the agent of ${this.group.name} said could not be written down; its run is ended`, error);
      void this.abort('aborted');
      return undefined;
    }
  }

  #atWork(): void {
    this.#idleSince = null;
    this.#idleAt = null;
    this.#idle.stop();
    this.#armProgress();
    this.#parts.conversations.working(this.group.id, true);
  }

  /** Only a text keeps it longer; a sign of life does not (reference §12 trap 4). */
  #turnOver(withText: boolean): void {
    const { clock, times, conversations } = this.#parts;
    const task = this.run.kind === 'task';
    const first = this.#idleAt === null;
    if (first || (withText && !task)) this.#idleAt = clock.now() + (task ? times.taskCloseMs : times.idleMs);
    this.#idleSince ??= clock.monotonic();
    this.#progress.stop();
    conversations.working(this.group.id, false);
    if (!this.#closing) this.#idle.arm(this.#idleAt);
    this.#parts.changed();
  }

  #armProgress(): void {
    if (this.#progressWait === null || this.run.kind === 'task') return;
    this.#progress.arm(this.#parts.clock.now() + this.#progressWait);
  }

  #tellProgress(): void {
    const { store, conversations, language } = this.#parts;
    if (this.#over || this.#progressWait === null) return;
    try {
      store.transact((tx) => void conversations.reply(tx, this.group.id, workingText(language()), { runId: this.run.id, kind: 'progress' }));
    } catch (error) {
      this.#parts.report('a chat could not be told that its agent still works', error);
    }
    this.#progressWait *= 2;
    this.#armProgress();
  }

  #event(tx: Tx, action: string, text: string): void {
    const { id, kind } = this.run;
    tx.event({ kind: 'run', action, subject: `run:${id}`, text, data: { group: this.group.id, name: this.group.name, kind } });
  }
}
