import { MAX_ATTEMPTS, retryDelayMs } from './queue-rules.ts';
import type { RunEnd } from './ports.ts';
import type { RunCause, RunKind, RunState } from './types.ts';

/** Messages that a run was given at once: its prompt, or a follow-up. */
export interface GivenInput {
  /** Where the cursor of the group stood before. */
  readonly cursorBefore: number;
  /** Whether a text went to the chat after it was given. */
  readonly answered: boolean;
  /** Whether it is certain that the agent never took it. */
  readonly unread: boolean;
}

export interface EndFacts {
  readonly kind: RunKind;
  readonly attempt: number;
  /** How many texts went to the chat. */
  readonly sent: number;
  /** Whether the agent had done what it was given and waited for more. */
  readonly turnOver: boolean;
  readonly end: Pick<RunEnd, 'status' | 'cause' | 'error'>;
  /** What the agent's last word was when that was an error. */
  readonly agentError: string | null;
  /** In the order they were given; none of a task. */
  readonly inputs: readonly GivenInput[];
  /** From 0 to 1. */
  readonly random: number;
}

export interface EndDecision {
  readonly state: Extract<RunState, 'succeeded' | 'failed' | 'aborted' | 'dead'>;
  readonly cause: RunCause;
  readonly error: string | null;
  /** Where the cursor goes back to; null: it stays. */
  readonly rollBackTo: number | null;
  /** The next attempt at the messages that were rolled back; null: none. */
  readonly retry: { readonly attempt: number; readonly delayMs: number } | null;
  /** Whether the chat hears that it went wrong. */
  readonly tell: boolean;
  /** What auto-stop hears; null: nothing. Attempts at the same messages count once. */
  readonly judged: 'good' | 'bad' | null;
}

/** Wheelhouse itself ended it; the agent is not to blame. */
const INTERRUPTIONS: ReadonlySet<RunCause> = new Set(['stopped', 'interrupted']);

/**
 * What becomes of a run that is over (ROUTER-01). Nobody answers the same message twice: the cursor goes back exactly to
 * before the first message that certainly got no answer, and stays where it is once a text followed.
 */
export function decideEnd(facts: EndFacts): EndDecision {
  const { end, agentError } = facts;
  const plain = { rollBackTo: null, retry: null, tell: false, judged: null } as const;
  if (end.status === 'aborted' && end.cause !== 'stopped') return { ...plain, state: 'aborted', cause: end.cause, error: end.error, tell: end.cause === 'aborted' };
  const doneWaiting = end.cause === 'stopped' && facts.turnOver && facts.inputs.every(({ unread }) => !unread);
  if (doneWaiting) return { ...plain, state: 'succeeded', cause: 'stopped', error: null, judged: 'good' };
  if (end.status === 'succeeded' && agentError === null) return succeeded(facts);
  const cause = end.status === 'succeeded' ? 'agent_error' : end.cause;
  const failed = { state: 'failed', cause, error: end.error ?? agentError } as const;
  if (facts.kind === 'task') return { ...plain, ...failed, tell: true, judged: blame(cause) };
  return facts.sent === 0 ? nothingSent(facts, failed) : partlySent(facts, failed);
}

type Failed = Pick<EndDecision, 'cause' | 'error'> & { readonly state: 'failed' };

function blame(cause: RunCause): 'bad' | null {
  return INTERRUPTIONS.has(cause) ? null : 'bad';
}

/** What it read counts as done, with or without a text; what it never took is given to the next run. */
function succeeded({ end, inputs }: EndFacts): EndDecision {
  const left = inputs.find(({ unread }) => unread);
  return {
    state: 'succeeded',
    cause: end.cause,
    error: null,
    rollBackTo: left?.cursorBefore ?? null,
    retry: left === undefined ? null : { attempt: 1, delayMs: 0 },
    tell: false,
    judged: 'good',
  };
}

function nothingSent({ attempt, inputs, random }: EndFacts, failed: Failed): EndDecision {
  const rollBackTo = inputs[0]?.cursorBefore ?? null;
  const interrupted = INTERRUPTIONS.has(failed.cause);
  // A shutdown is not the fault of the messages. A death of the program may be, so that one counts.
  if (failed.cause === 'stopped') return { ...failed, rollBackTo, retry: { attempt, delayMs: 0 }, tell: false, judged: null };
  if (attempt >= MAX_ATTEMPTS) return { ...failed, state: 'dead', rollBackTo, retry: null, tell: true, judged: blame(failed.cause) };
  return { ...failed, rollBackTo, retry: { attempt: attempt + 1, delayMs: interrupted ? 0 : retryDelayMs(attempt, random) }, tell: false, judged: null };
}

function partlySent({ inputs, sent, turnOver, random }: EndFacts, failed: Failed): EndDecision {
  const left = inputs.find(({ answered, unread }) => unread || !answered);
  const judged = blame(failed.cause);
  if (left !== undefined) {
    const delayMs = judged === null ? 0 : retryDelayMs(1, random);
    return { ...failed, rollBackTo: left.cursorBefore, retry: { attempt: 1, delayMs }, tell: false, judged };
  }
  // Everything was answered and it only waited for more: nobody misses anything. Fewer texts than there were inputs leave open
  // whether the last ones got theirs; so the chat hears of it, rather than getting an answer twice or none at all.
  const tell = !turnOver || failed.cause === 'agent_error' || sent < inputs.length;
  return { ...failed, state: tell ? 'dead' : 'failed', rollBackTo: null, retry: null, tell, judged };
}

/** Whether people should hear how a run for a chat ended. What Wheelhouse itself interrupted and does again is no failure. */
export function isNews({ state, cause }: Pick<EndDecision, 'state' | 'cause'>): boolean {
  return state === 'dead' || (state === 'failed' && !INTERRUPTIONS.has(cause));
}

/** Whether what the agent said of its failure means that the conversation it was to continue is gone (reference §5 fault 6). */
export function saysSessionLost(error: string | null): boolean {
  return error !== null && /no conversation found|session (?:id )?(?:\S+ )?not found|ENOENT[^\n]*\.jsonl/i.test(error);
}
