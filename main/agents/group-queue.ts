import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { AppError } from '../base/errors.ts';
import { uuidv7 } from '../base/ids.ts';
import type { Store, StoredEvent, Tx } from '../store/store.ts';
import { ActiveRun, type RunTimes } from './active-run.ts';
import type { ChatLanguage } from './chat-texts.ts';
import type { Groups } from './groups.ts';
import type { AgentRunner, Conversations, RunNotices, TaskOutcomes } from './ports.ts';
import { chooseNext, chooseToClose, waitReasons, type QueueState, type Waiting, type WaitReason } from './queue-rules.ts';
import { RunEnds, type RunJudge } from './run-ends.ts';
import { LIVE, RunRows, type RunRow } from './run-rows.ts';
import type { RunWatch } from './run-watch.ts';
import type { ContextMode, Group, Run, RunInput } from './types.ts';

export interface GroupQueueParts {
  readonly store: Pick<Store, 'db' | 'transact' | 'onCommit'>;
  readonly clock: Clock;
  readonly groups: Groups;
  readonly runner: AgentRunner;
  readonly conversations: Conversations;
  readonly outcomes: TaskOutcomes;
  readonly notices: RunNotices;
  readonly judge: RunJudge;
  readonly watch: RunWatch;
  /** Whether anything may act; false while the kill switch is on. */
  readonly operational: () => boolean;
  /** The agents that are suspended, by id. */
  readonly suspendedAgents: () => ReadonlySet<string>;
  readonly assistantName: string;
  /** How many runs may live at the same time. */
  readonly limit: number;
  readonly times: RunTimes;
  /** How many ended runs of a group are kept. */
  readonly keep: number;
  readonly language: () => ChatLanguage;
  readonly random: () => number;
  readonly report: (what: string, error: unknown) => void;
}

export interface NewTask {
  readonly groupId: string;
  readonly prompt: string;
  readonly contextMode: ContextMode;
  /** The same one again is the same run: a due time runs once. */
  readonly scheduleRunId: string | null;
}

/** A live run and where it takes place. */
export interface LiveView {
  readonly run: Run;
  /** Whether it waits for follow-ups. */
  readonly idle: boolean;
  /** Whether it was asked to end. */
  readonly closing: boolean;
}

export interface WaitingView {
  readonly run: Run;
  /** Null: it starts now. */
  readonly reason: WaitReason | null;
}

/** After a failure of the database or of a chat. */
const TROUBLE_MS = 5000;
/** What a window or a list shows of a prompt; the chat has the whole. */
const PROMPT_KEPT = 2000;
/** Lines of the log after which something that waits may be able to start. */
const WAKING = new Set(['run', 'group', 'agent', 'kill_switch']);

/**
 * Who runs when (DESIGN §8). The queue is the table of runs: what waits there survives a crash, and what was under way then
 * is judged at the next start like a failed run. Decisions are in `queue-rules.ts` and `run-end-rules.ts`.
 */
export class GroupQueue {
  readonly #parts: GroupQueueParts;
  readonly #rows: RunRows;
  readonly #ends: RunEnds;
  readonly #active = new Map<string, ActiveRun>();
  readonly #over = new Map<string, Promise<void>>();
  readonly #timer: DueTimer;
  /** When each group was served last: fairness needs no longer memory than the program's. */
  readonly #served = new Map<string, number>();
  #turn = 0;
  #unsubscribe: Unsubscribe | null = null;
  #stopping = false;
  #pumping = false;
  #again = false;

  constructor(parts: GroupQueueParts) {
    this.#parts = parts;
    this.#rows = new RunRows(parts.store);
    this.#ends = new RunEnds({ ...parts, rows: this.#rows });
    this.#timer = new DueTimer(parts.clock, () => this.#pump());
  }

  /** Judges what was under way when the program ended, then begins. To be called when nothing of an earlier start runs any more. */
  start(): void {
    this.#recover();
    this.#unsubscribe = this.#parts.store.onCommit((events) => this.#heard(events));
    this.#pump();
  }

  /** Something was said in the chat: it goes to the live run, or a run is queued. Never throws: what fails is tried again. */
  messagesArrived(groupId: string): void {
    if (this.#stopping) return;
    try {
      this.#takeIn(groupId);
    } catch (error) {
      this.#parts.report('messages could not be handed on; it is tried again', error);
      this.#parts.clock.setTimer(TROUBLE_MS, () => this.messagesArrived(groupId));
    }
  }

  /** Queues a scheduled task inside the caller's transaction. Returns the id of the run. Throws GROUP_NOT_FOUND. */
  enqueueTask(tx: Tx, task: NewTask): string {
    const { name } = this.#parts.groups.get(task.groupId);
    const known = task.scheduleRunId === null ? null : this.#rows.ofSchedule(task.scheduleRunId);
    if (known !== null) return known;
    const id = uuidv7(tx.now);
    this.#rows.insert({ id, groupId: task.groupId, attempt: 1, notBefore: tx.now, queuedAt: tx.now, task });
    tx.event({ kind: 'run', action: 'queued', subject: `run:${id}`, text: `A scheduled task of ${name} waits for its agent`, data: { group: task.groupId, name, kind: 'task' } });
    return id;
  }

  /** Takes a scheduled task out of the queue again, inside the caller's transaction; one that was started goes on. Nobody is told. */
  withdrawTask(tx: Tx, scheduleRunId: string): void {
    const id = this.#rows.ofSchedule(scheduleRunId);
    const run = id === null ? null : this.#rows.get(id);
    if (run?.state !== 'queued') return;
    this.#rows.drop(run.id);
    tx.event({ kind: 'run', action: 'dropped', subject: `run:${run.id}`, text: 'A scheduled task was taken out of the queue', data: { group: run.groupId, kind: 'task' } });
  }

  /** Stops a run, even inside a tool call, or takes it out of the queue. Throws RUN_NOT_FOUND, CONFLICT when it has ended. */
  async abort(runId: string): Promise<Run> {
    const run = this.#rows.get(runId);
    const active = this.#active.get(runId);
    if (active !== undefined) {
      await active.abort('aborted');
      await this.#over.get(runId);
    } else if (run.state === 'queued') {
      this.#parts.store.transact((tx) => this.#ends.cancel(tx, run, 'cancelled'));
    } else {
      throw new AppError('CONFLICT', `The run has ended already (${run.state}): there is nothing to stop.`, { run: runId, state: run.state });
    }
    return this.#rows.get(runId);
  }

  /** Says something to the agent of a live run that is not part of the chat. Throws RUN_NOT_FOUND, CONFLICT when it does not listen any more. */
  async tell(runId: string, text: string): Promise<void> {
    const { state } = this.#rows.get(runId);
    const active = this.#active.get(runId);
    if (active === undefined || active.closing) throw new AppError('CONFLICT', 'The run does not listen any more. Write to the chat: the next run gets it.', { run: runId, state });
    await active.tell(text);
  }

  /** The agent of the group wrote to its own chat by its mailbox, in the transaction that records it: what it was asked counts as answered. */
  wroteToChat(tx: Tx, groupId: string, text: string): void {
    this.#activeOf(groupId)?.wroteElsewhere(tx, text);
  }

  /** What arrives for the group waits from now on; what runs goes on. Throws GROUP_NOT_FOUND. */
  pause(groupId: string): void {
    this.#parts.store.transact((tx) => void this.#parts.groups.setPaused(tx, groupId, true));
  }

  /** Throws GROUP_NOT_FOUND. */
  resume(groupId: string): void {
    this.#parts.store.transact((tx) => void this.#parts.groups.setPaused(tx, groupId, false));
  }

  /** Takes everything of one group, or of all, out of the queue, inside the transaction. Returns how much. */
  cancelWaiting(tx: Tx, cause: 'cancelled' | 'kill_switch', groupId?: string): number {
    const waiting = this.#rows.open().filter((run) => run.state === 'queued' && (groupId === undefined || run.groupId === groupId));
    for (const run of waiting) this.#ends.cancel(tx, run, cause);
    return waiting.length;
  }

  /** Ends every live run at once. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#active.values()].map(async (active) => active.abort('kill_switch')));
    await Promise.all(this.#over.values());
  }

  /** Starts nothing more and ends what runs in good order; what it did not answer waits for the next start (OPS-04). */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#unsubscribe?.();
    this.#timer.stop();
    await Promise.all([...this.#active.values()].map(async (active) => active.stop()));
    await Promise.all(this.#over.values());
  }

  /** The machine woke up: what came due meanwhile starts now. */
  wake(): void {
    this.#pump();
  }

  /** Every live run with its process, container and folder (QUEUE-01), in the order of arrival. */
  live(): readonly LiveView[] {
    return this.#rows
      .open()
      .filter(({ state }) => LIVE.includes(state))
      .map((run) => {
        const active = this.#active.get(run.id);
        return { run, idle: (active?.idleSince ?? null) !== null, closing: active?.closing ?? false };
      });
  }

  /** What waits, and why, in the order of arrival. */
  waiting(): readonly WaitingView[] {
    const runs = this.#rows.open();
    const reasons = waitReasons(this.#state(runs));
    return runs.filter(({ state }) => state === 'queued').map((run) => ({ run, reason: reasons.get(run.id) ?? null }));
  }

  #takeIn(groupId: string): void {
    const { store, conversations, groups } = this.#parts;
    const pending = groups.exists(groupId) ? conversations.next(groupId) : null;
    if (pending === null) return;
    const active = this.#activeOf(groupId);
    if (active?.takesMessages === true && !groups.get(groupId).paused) active.give(pending);
    else store.transact((tx) => this.#ends.ensureQueued(tx, groupId));
  }

  #activeOf(groupId: string): ActiveRun | undefined {
    return [...this.#active.values()].find(({ group }) => group.id === groupId);
  }

  #heard(events: readonly StoredEvent[]): void {
    if (events.some(({ kind }) => kind === 'agent' || kind === 'kill_switch')) this.#stopSuspended();
    if (events.some(({ kind }) => WAKING.has(kind))) this.#pump();
  }

  /** Whoever is suspended stops in the middle of it. */
  #stopSuspended(): void {
    if (this.#active.size === 0) return;
    const suspended = this.#parts.suspendedAgents();
    for (const active of this.#active.values()) if (suspended.has(active.group.agentId)) void active.abort(this.#parts.operational() ? 'aborted' : 'kill_switch');
  }

  #recover(): void {
    const { conversations, operational, store } = this.#parts;
    for (const run of this.#rows.open()) {
      if (!LIVE.includes(run.state)) continue;
      const [status, cause] = operational() ? (['failed', 'interrupted'] as const) : (['aborted', 'kill_switch'] as const);
      const error = 'Wheelhouse ended in the middle of the run.';
      this.#ends.record(run.id, { status, cause, exitCode: null, error, sessionId: null, logFile: run.logFile, unread: [] }, null);
    }
    for (const groupId of conversations.groupsWithPending()) {
      const pending = conversations.next(groupId);
      const givenUpTo = this.#rows.givenUpTo(groupId);
      if (pending === null || (givenUpTo !== null && pending.upTo <= givenUpTo)) continue;
      store.transact((tx) => this.#ends.ensureQueued(tx, groupId));
    }
  }

  /** Starts what may start, lets go of what others need, and waits for the next retry. */
  #pump(): void {
    if (this.#stopping || this.#unsubscribe === null) return;
    if (this.#pumping) {
      this.#again = true;
      return;
    }
    this.#pumping = true;
    try {
      do {
        this.#again = false;
        this.#startAll();
      } while (this.#again);
      this.#timer.arm(this.#nextRetry());
    } catch (error) {
      this.#parts.report('the queue could not go on; it tries again', error);
      this.#timer.arm(this.#parts.clock.now() + TROUBLE_MS);
    } finally {
      this.#pumping = false;
    }
  }

  #startAll(): void {
    let state = this.#state();
    for (let next = chooseNext(state); next !== null; next = chooseNext(state)) {
      this.#begin(next);
      state = this.#state();
    }
    for (const runId of chooseToClose(state)) this.#active.get(runId)?.close();
  }

  #nextRetry(): number | null {
    const now = this.#parts.clock.now();
    const moments = this.#rows.open().flatMap(({ state, notBefore }) => (state === 'queued' && notBefore > now ? [notBefore] : []));
    return moments.length === 0 ? null : Math.min(...moments);
  }

  #state(open: readonly RunRow[] = this.#rows.open()): QueueState {
    const { clock, limit, groups, operational, suspendedAgents } = this.#parts;
    const suspended = suspendedAgents();
    const all = groups.list();
    return {
      now: clock.now(),
      limit,
      locked: this.#stopping || !operational(),
      waiting: open.flatMap((run) => (run.state === 'queued' ? [{ ...run, runId: run.id }] : [])),
      live: [...this.#active.values()].map(({ run, idleSince, closing }) => ({ runId: run.id, groupId: run.groupId, kind: run.kind, idleSince, closing })),
      paused: new Set(all.flatMap(({ id, paused }) => (paused ? [id] : []))),
      suspended: new Set(all.flatMap(({ id, agentId }) => (suspended.has(agentId) ? [id] : []))),
      served: this.#served,
    };
  }

  /** Takes a run out of the queue and asks for its container. A group whose chat fails does not hold up the others. */
  #begin(next: Waiting): void {
    const { store, clock, report } = this.#parts;
    this.#served.set(next.groupId, ++this.#turn);
    try {
      const request = store.transact((tx) => this.#take(tx, next));
      if (request !== null) this.#launch(next.runId, request);
    } catch (error) {
      report('a run could not be started; it is tried again', error);
      store.transact(() => this.#rows.postpone(next.runId, this.#rows.get(next.runId).attempt, clock.now() + TROUBLE_MS));
    }
  }

  /** The cursor moves in the same transaction in which the run takes the messages: nobody else gets them. */
  #take(tx: Tx, next: Waiting): { readonly group: Group; readonly input: RunInput } | null {
    const { conversations, groups, assistantName } = this.#parts;
    const group = groups.get(next.groupId);
    const run = this.#rows.get(next.runId);
    const pending = run.kind === 'messages' ? conversations.next(group.id) : null;
    const prompt = run.kind === 'messages' ? pending?.prompt : run.prompt!;
    if (prompt === undefined) {
      this.#rows.drop(run.id);
      tx.event({ kind: 'run', action: 'dropped', subject: `run:${run.id}`, text: `Nothing is left to do for the agent of ${group.name}`, data: { group: group.id, name: group.name } });
      return null;
    }
    if (!this.#rows.begin(run.id, tx.now, run.kind === 'task' ? prompt : prompt.slice(0, PROMPT_KEPT))) return null;
    if (run.scheduleRunId !== null) this.#parts.outcomes.started(tx, run.scheduleRunId);
    if (pending !== null) {
      const cursorBefore = conversations.advance(tx, group.id, pending.upTo);
      this.#rows.give(run.id, { cursorBefore, upTo: pending.upTo, messages: pending.count, now: tx.now });
    }
    const what = run.kind === 'task' ? `A scheduled task of ${group.name} starts` : `The agent of ${group.name} starts for ${pending!.count} messages`;
    tx.event({ kind: 'run', action: 'started', subject: `run:${run.id}`, text: what, data: { group: group.id, name: group.name, kind: run.kind, attempt: run.attempt } });
    return {
      group,
      input: {
        prompt,
        ...(run.contextMode === 'group' && group.sessionId !== null && { sessionId: group.sessionId }),
        groupFolder: group.folder,
        chatJid: group.jid,
        isMain: group.isMain,
        ...(run.kind === 'task' && { isScheduledTask: true }),
        assistantName,
      },
    };
  }

  #launch(runId: string, { group, input }: { readonly group: Group; readonly input: RunInput }): void {
    const active = new ActiveRun({ ...this.#parts, rows: this.#rows, changed: () => this.#pump() }, this.#parts.runner, this.#rows.get(runId), { runId, group, input });
    this.#active.set(runId, active);
    this.#over.set(runId, this.#see(active));
  }

  /** Waits for the end and writes it down. Until that worked the slot stays taken, so that nothing runs twice. */
  async #see(active: ActiveRun): Promise<void> {
    const { report, watch, clock } = this.#parts;
    const { id } = active.run;
    const end = await active.ended();
    for (;;) {
      try {
        this.#active.delete(id);
        this.#ends.record(id, end, active.agentError);
        break;
      } catch (error) {
        this.#active.set(id, active);
        // The next start finds it under way and judges it then.
        if (this.#stopping) break;
        report('the end of a run could not be written down; it is tried again', error);
        await new Promise<void>((resolve) => clock.setTimer(TROUBLE_MS, resolve));
      }
    }
    this.#over.delete(id);
    watch.forget(id);
    this.#pump();
  }
}
