import type { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import type { PasswordSource } from '../access/password-lockout.ts';
import { parseInput } from '../bus/inputs.ts';
import type { AnyCallAnswer, AnyCallArgs, AnyCallName, AnyCallResult, CallSource } from './cli-calls.ts';
import { describeError, type Report } from './error-answer.ts';

export interface CallContext {
  /** Under which the log has what went wrong; made here when the call came without one. */
  readonly requestId?: string | undefined;
  /** Aborted when the caller is gone. */
  readonly signal?: AbortSignal | undefined;
  /** Whose wrong passwords count together; the desktop's own windows when not said. */
  readonly from?: PasswordSource | undefined;
}

/** One call: who may make it, how its arguments are checked, what it does. */
export interface CallDefinition<Args, Result> {
  /** `window` includes the command line. */
  readonly by: CallSource;
  /** Null: the team bus checks the arguments itself. */
  readonly args: z.ZodObject | null;
  readonly run: (args: Args, context: CallContext) => Result | Promise<Result>;
}

export type CallDefinitions = { readonly [N in AnyCallName]: CallDefinition<AnyCallArgs<N>, AnyCallResult<N>> };

export interface CallTableParts {
  readonly calls: CallDefinitions;
  readonly newRequestId: () => string;
  readonly report: Report;
}

/** Every call of windows and command line, over whatever wire they come. */
export class CallTable {
  readonly #parts: CallTableParts;

  constructor(parts: CallTableParts) {
    this.#parts = parts;
  }

  /**
   * Nothing about `name` and `args` is taken for granted: they may come from outside. Never rejects: what went wrong is in
   * the answer.
   */
  async run<N extends AnyCallName>(name: N, args: unknown, source: CallSource, context: CallContext = {}): Promise<AnyCallAnswer<N>> {
    try {
      return { ok: true, result: await this.#runChecked(name, args, source, context) };
    } catch (error) {
      return { ok: false, error: describeError(error, context.requestId ?? this.#parts.newRequestId(), this.#parts.report).error };
    }
  }

  async #runChecked<N extends AnyCallName>(name: N, args: unknown, source: CallSource, context: CallContext): Promise<AnyCallResult<N>> {
    const { calls } = this.#parts;
    const call: CallDefinition<AnyCallArgs<N>, AnyCallResult<N>> | undefined = Object.hasOwn(calls, name) ? calls[name] : undefined;
    if (call === undefined) {
      const near = nearest(name, Object.keys(calls));
      throw new AppError('NOT_FOUND', `There is no call '${name.slice(0, 60)}'.${near === null ? '' : ` Did you mean '${near}'?`}`);
    }
    if (call.by === 'cli' && source === 'window') throw new AppError('FORBIDDEN', `'${name}' is for the command line of this machine, not for windows.`);
    const given = args ?? {};
    return call.run(call.args === null ? given : parseInput(call.args, name, given), context);
  }
}
