import { uuidv7 } from '../base/ids.ts';
import type { Store, Tx } from '../store/store.ts';
import { failureText, type ChatLanguage } from './chat-texts.ts';
import type { Groups } from './groups.ts';
import type { Conversations, RunEnd, RunNotices, TaskOutcomes } from './ports.ts';
import { decideEnd, isNews, saysSessionLost, type EndDecision } from './run-end-rules.ts';
import type { RunRow, RunRows } from './run-rows.ts';

/** Who hears how the runs of an agent go, to stop it when it runs wild. */
export interface RunJudge {
  runFailed(agentId: string): void;
  runSucceeded(agentId: string): void;
}

export interface RunEndsParts {
  readonly store: Pick<Store, 'transact'>;
  readonly rows: RunRows;
  readonly groups: Groups;
  readonly conversations: Conversations;
  readonly outcomes: TaskOutcomes;
  readonly notices: RunNotices;
  readonly judge: RunJudge;
  readonly language: () => ChatLanguage;
  /** From 0 to 1, for the jitter of retries. */
  readonly random: () => number;
  /** How many ended runs of a group are kept. */
  readonly keep: number;
  readonly report: (what: string, error: unknown) => void;
}

/** The id of a follow-up, which the runner reports when nobody took it. */
export function followUpId(runId: string, n: number): string {
  return `${runId}-${n}`;
}

/** Writes down how runs ended, with everything that follows from it, in one transaction each. */
export class RunEnds {
  readonly #parts: RunEndsParts;

  constructor(parts: RunEndsParts) {
    this.#parts = parts;
  }

  /** `agentError` is the agent's last word when that was an error. Throws when it cannot be written; then nothing happened. */
  record(runId: string, end: RunEnd, agentError: string | null): void {
    const { store, rows, groups } = this.#parts;
    const { judged, agentId } = store.transact((tx) => {
      const run = rows.get(runId);
      const unread = new Set(end.unread);
      const inputs = rows.inputs(runId).map((input) => ({ ...input, unread: unread.has(followUpId(runId, input.n)) }));
      const made = decideEnd({ ...run, end, agentError, inputs, random: this.#parts.random() });
      const givenUpTo = made.state === 'succeeded' ? null : (inputs.at(-1)?.upTo ?? null);
      rows.end(runId, tx.now, made, { exitCode: end.exitCode, logFile: end.logFile, givenUpTo });
      const blamed = this.#carryOut(tx, run, made, givenUpTo);
      const sessionLost = saysSessionLost(agentError) || saysSessionLost(end.error);
      if (run.contextMode === 'group' && sessionLost) groups.setSession(tx, run.groupId, null);
      rows.prune(run.groupId, this.#parts.keep);
      return { judged: made.judged === 'bad' && !blamed ? null : made.judged, agentId: groups.get(run.groupId).agentId };
    });
    this.#judge(agentId, judged);
  }

  /** Auto-stop has transactions of its own, and its rule may pull the kill switch. */
  #judge(agentId: string, judged: EndDecision['judged']): void {
    const { judge, report } = this.#parts;
    try {
      if (judged === 'bad') judge.runFailed(agentId);
      if (judged === 'good') judge.runSucceeded(agentId);
    } catch (error) {
      report('auto-stop could not be told how a run ended', error);
    }
  }

  /** Takes a run out of the queue, inside the transaction. Messages stay unanswered, and only a newer one wakes the agent for them. */
  cancel(tx: Tx, run: RunRow, cause: 'cancelled' | 'kill_switch'): void {
    const { rows, conversations } = this.#parts;
    const decision: EndDecision = { state: 'aborted', cause, error: null, rollBackTo: null, retry: null, tell: false, judged: null };
    const givenUpTo = run.kind === 'messages' ? (conversations.next(run.groupId)?.upTo ?? null) : null;
    rows.end(run.id, tx.now, decision, { exitCode: null, logFile: null, givenUpTo });
    this.#log(tx, run, decision);
    this.#tellSchedule(tx, run, decision);
  }

  /** Makes sure that the group's messages are looked at by a run, inside the transaction. */
  ensureQueued(tx: Tx, groupId: string, attempt = 1, delayMs = 0): void {
    const { rows, groups } = this.#parts;
    const waiting = rows.queuedMessages(groupId);
    if (waiting !== null) {
      if (attempt > waiting.attempt) rows.postpone(waiting.id, attempt, tx.now + delayMs);
      return;
    }
    const id = uuidv7(tx.now);
    rows.insert({ id, groupId, attempt, notBefore: tx.now + delayMs, queuedAt: tx.now, task: null });
    const { name } = groups.get(groupId);
    const when = delayMs === 0 ? '' : ` in ${Math.round(delayMs / 1000)} s`;
    const text = attempt === 1 ? `Messages for ${name} wait for its agent` : `${name} is tried again${when} (attempt ${attempt})`;
    tx.event({ kind: 'run', action: 'queued', subject: `run:${id}`, text, data: { group: groupId, name, attempt, delayMs } });
  }

  /** Returns whether a failure counts for the agent. */
  #carryOut(tx: Tx, run: RunRow, decision: EndDecision, givenUpTo: number | null): boolean {
    const { conversations, language } = this.#parts;
    const { groupId, kind } = run;
    if (decision.rollBackTo !== null) conversations.rollBack(tx, groupId, decision.rollBackTo);
    if (decision.tell) conversations.reply(tx, groupId, failureText(language(), kind, decision.cause), { runId: run.id, kind: 'error' });
    this.#log(tx, run, decision);
    const blamed = this.#tellSchedule(tx, run, decision);
    if (decision.retry === null) {
      const pending = conversations.next(groupId);
      if (pending !== null && (givenUpTo === null || pending.upTo > givenUpTo)) this.ensureQueued(tx, groupId);
    } else {
      this.ensureQueued(tx, groupId, decision.retry.attempt, decision.retry.delayMs);
    }
    // Those of scheduled tasks are told by the schedule.
    if (kind === 'messages' && isNews(decision)) this.#tellPeople(tx, run, decision);
    return blamed;
  }

  #tellPeople(tx: Tx, run: RunRow, { state, error, retry }: EndDecision): void {
    const { notices, groups, rows } = this.#parts;
    notices.failed(tx, {
      runId: run.id,
      group: groups.get(run.groupId).name,
      reason: error ?? 'No reason was given.',
      attempts: run.attempt,
      retryAt: retry === null ? null : (rows.queuedMessages(run.groupId)?.notBefore ?? tx.now),
      dead: state === 'dead',
    });
  }

  #tellSchedule(tx: Tx, run: RunRow, { state, error }: EndDecision): boolean {
    if (run.scheduleRunId === null) return true;
    return this.#parts.outcomes.ended(tx, run.scheduleRunId, {
      status: state === 'dead' ? 'failed' : state,
      result: run.result,
      error,
      durationMs: run.startedAt === null ? 0 : tx.now - run.startedAt,
    });
  }

  #log(tx: Tx, run: RunRow, { state, cause, error }: EndDecision): void {
    const { name } = this.#parts.groups.get(run.groupId);
    const what = run.kind === 'task' ? `A scheduled task of ${name}` : `The run of ${name}`;
    const words = { succeeded: 'ended', failed: 'failed', dead: 'failed for good', aborted: 'was stopped' }[state];
    const text = `${what} ${words}${error === null ? '' : `: ${error}`}`;
    tx.event({ kind: 'run', action: state, subject: `run:${run.id}`, text, data: { group: run.groupId, name, cause, kind: run.kind, attempt: run.attempt } });
  }
}
