import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLinearizable, type Model, type Operation } from '../../support/linearizability.ts';

/** A register that is written and read. */
type Input = { readonly write: number } | 'read';
const register: Model<number, Input, number> = {
  initial: 0,
  step(state, _client, input, output) {
    if (input === 'read') return output === null || output === state ? state : null;
    return input.write;
  },
  key: String,
};

function op(client: string, call: number, at: number | null, input: Input, output = 0): Operation<Input, number> {
  return { client, call, input, answer: at === null ? null : { at, output } };
}

describe('a history of a register', () => {
  it.each<[string, boolean, readonly Operation<Input, number>[]]>([
    ['empty', true, []],
    ['one after the other', true, [op('a', 0, 1, { write: 1 }), op('b', 2, 3, 'read', 1)]],
    ['a read that misses a finished write', false, [op('a', 0, 1, { write: 1 }), op('b', 2, 3, 'read', 0)]],
    ['a read during a write, before it', true, [op('a', 0, 5, { write: 1 }), op('b', 1, 2, 'read', 0)]],
    ['a read during a write, after it', true, [op('a', 0, 5, { write: 1 }), op('b', 1, 2, 'read', 1)]],
    ['two reads that see a write come and go', false, [op('a', 0, 9, { write: 1 }), op('b', 1, 2, 'read', 1), op('b', 3, 4, 'read', 0)]],
    ['two reads by two that disagree on the order of writes', false, [
      op('a', 0, 9, { write: 1 }), op('b', 0, 9, { write: 2 }),
      op('c', 10, 11, 'read', 1), op('d', 12, 13, 'read', 2),
    ]],
    ['a lost write that took effect', true, [op('a', 0, null, { write: 1 }), op('b', 5, 6, 'read', 0), op('b', 7, 8, 'read', 1)]],
    ['a lost write that never did', true, [op('a', 0, null, { write: 1 }), op('b', 5, 6, 'read', 0)]],
    ['a lost write before its call', false, [op('b', 1, 2, 'read', 1), op('a', 3, null, { write: 1 })]],
    ['only lost calls', true, [op('a', 0, null, { write: 1 }), op('b', 0, null, 'read')]],
  ])('%s', (_name, expected, history) => {
    expect(isLinearizable(history, register)).toBe(expected);
  });

  it('is judged as by trying every order', () => {
    const operation = fc
      .tuple(fc.nat(9), fc.option(fc.nat(4)), fc.oneof(fc.constant<Input>('read'), fc.nat(2).map((write): Input => ({ write }))), fc.nat(2))
      .map(([call, length, input, output], ) => op('x', call, length === null ? null : call + length + 0.5, input, output));
    let yes = 0;
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 5 }), (history) => {
        const judged = isLinearizable(history, register);
        if (judged) yes += 1;
        expect(judged).toBe(tryEveryOrder(history, register.initial));
      }),
      { numRuns: 2000 },
    );
    expect(yes).toBeGreaterThan(100);
    expect(yes).toBeLessThan(1900);
  });
});

/** Takes any operation that no other must precede, and goes on with the rest. */
function tryEveryOrder(left: readonly Operation<Input, number>[], state: number): boolean {
  if (left.every(({ answer }) => answer === null)) return true;
  return left.some((one) => {
    if (left.some((other) => other !== one && other.answer !== null && other.answer.at < one.call)) return false;
    const next = register.step(state, one.client, one.input, one.answer?.output ?? null);
    return next !== null && tryEveryOrder(left.filter((other) => other !== one), next);
  });
}
