/**
 * A checker in the manner of Wing and Gong with the memo of Lowe: searches for an order of a concurrent history that
 * respects real time and that a sequential model allows.
 */

/** One call of a client. Times are of one clock that all clients share. */
export interface Operation<I, O> {
  readonly client: string;
  readonly input: I;
  readonly call: number;
  /** `null` when no answer came; the call may then have had its effect at any time after `call`, or never. */
  readonly answer: { readonly at: number; readonly output: O } | null;
}

/** What one thing does when it is used by one client at a time. */
export interface Model<S extends string | number | object, I, O> {
  readonly initial: S;
  /** The state after the call, or null if the model could not have answered this. `output` is null when unknown. */
  step(state: S, client: string, input: I, output: O | null): S | null;
  /** Equal for states that behave the same. */
  key(state: S): string;
}

interface Entry<I, O> {
  readonly operation: Operation<I, O>;
  readonly index: number;
  /** Null for the entry of a return. */
  readonly returns: Entry<I, O> | null;
  readonly isCall: boolean;
  before: Entry<I, O> | null;
  after: Entry<I, O> | null;
}

/** Whether some order of the operations satisfies the model. */
export function isLinearizable<S extends string | number | object, I, O>(history: readonly Operation<I, O>[], model: Model<S, I, O>): boolean {
  const head = link(history);
  let answersLeft = history.filter(({ answer }) => answer !== null).length;
  const done = new Uint8Array(history.length);
  const memo = new Set<string>();
  const taken: { readonly entry: Entry<I, O>; readonly state: S }[] = [];
  let state = model.initial;
  let entry = head.after;

  while (answersLeft > 0) {
    if (entry === null) throw new Error('an answer without a call');
    if (entry.isCall) {
      const { client, input, answer } = entry.operation;
      const next = model.step(state, client, input, answer?.output ?? null);
      // A lost call without effect need never have happened: taking it would only widen the search.
      const matters = next !== null && (answer !== null || model.key(next) !== model.key(state));
      if (matters) {
        done[entry.index] = 1;
        const seen = `${done.join('')} ${model.key(next)}`;
        if (!memo.has(seen)) {
          memo.add(seen);
          taken.push({ entry, state });
          state = next;
          lift(entry);
          if (answer !== null) answersLeft -= 1;
          entry = head.after;
          continue;
        }
        done[entry.index] = 0;
      }
      entry = entry.after;
    } else {
      // This answer came before anything that could still be taken: the last choice was wrong.
      const last = taken.pop();
      if (last === undefined) return false;
      ({ state } = last);
      done[last.entry.index] = 0;
      unlift(last.entry);
      if (last.entry.operation.answer !== null) answersLeft += 1;
      entry = last.entry.after;
    }
  }
  return true;
}

/** The calls and answers in the order of time, after an empty head. */
function link<I, O>(history: readonly Operation<I, O>[]): { after: Entry<I, O> | null } {
  const timed: { readonly at: number; readonly entry: Entry<I, O> }[] = [];
  for (const [index, operation] of history.entries()) {
    const blank = { operation, index, before: null, after: null };
    const returns: Entry<I, O> | null = operation.answer === null ? null : { ...blank, returns: null, isCall: false };
    timed.push({ at: operation.call, entry: { ...blank, returns, isCall: true } });
    if (returns !== null) timed.push({ at: operation.answer!.at, entry: returns });
  }
  timed.sort((a, b) => a.at - b.at || Number(b.entry.isCall) - Number(a.entry.isCall));
  const head: Entry<I, O> = { ...timed[0]?.entry, before: null, after: null } as Entry<I, O>;
  let last = head;
  for (const { entry } of timed) {
    last.after = entry;
    entry.before = last;
    last = entry;
  }
  return head;
}

function lift<I, O>(call: Entry<I, O>): void {
  for (const entry of [call, call.returns]) {
    if (entry === null) continue;
    entry.before!.after = entry.after;
    if (entry.after !== null) entry.after.before = entry.before;
  }
}

function unlift<I, O>(call: Entry<I, O>): void {
  for (const entry of [call.returns, call]) {
    if (entry === null) continue;
    entry.before!.after = entry;
    if (entry.after !== null) entry.after.before = entry;
  }
}
