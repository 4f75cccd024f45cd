import { ProtocolError, ProtocolErrorCode, type CallToolResult, type ServerContext, type Tool as WireTool } from '@modelcontextprotocol/server';
import type { Clock } from '../../base/clock.ts';
import { AppError, ERRORS } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Guard } from '../../bus/bus.ts';
import type { Identity } from '../identity.ts';
import { callerFor, identityOfRequest } from './callers.ts';
import type { CallParams } from './request-params.ts';
import { TOOLS, type Tool } from './tools.ts';
import type { Team } from './tool-run.ts';
import { toWireTool } from './tool-schemas.ts';
import { waitWithProgress } from './wait-progress.ts';

/** Where a refused call carries its error for programs: `_meta` passes every client, whatever the output schema says. */
const ERROR_META = 'dev.wheelhouse/error';

export interface ToolCallsOptions {
  readonly team: Team;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly log: Log;
}

/** Lists the tools and runs them: what went wrong for a reason comes back as a tool error that says what to do. */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #lists: Readonly<Record<Identity['kind'], readonly WireTool[]>>;
  readonly #running = new Set<Promise<object>>();

  constructor(options: ToolCallsOptions) {
    const { roles } = options.team;
    this.#options = options;
    this.#tools = new Map(TOOLS.map((tool) => [tool.name, tool]));
    this.#lists = {
      session: TOOLS.map((tool) => toWireTool(tool, roles, 'session')),
      'shared-key': TOOLS.map((tool) => toWireTool(tool, roles, 'shared-key')),
    };
  }

  /** The same list in the same order for every caller of this kind. */
  list(ctx: ServerContext): { tools: WireTool[] } {
    return { tools: [...this.#lists[identityOfRequest(ctx).kind]] };
  }

  async call(params: CallParams, ctx: ServerContext): Promise<CallToolResult> {
    const tool = this.#tools.get(params.name);
    if (tool === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool '${params.name.slice(0, 100)}'. tools/list names them.`);
    }
    const running = this.#run(tool, params.arguments ?? {}, ctx);
    this.#running.add(running);
    try {
      return success(await running);
    } catch (error) {
      if (error instanceof AppError) return failure(error);
      this.#options.log.error({ err: error, tool: tool.name }, 'A tool failed.');
      return failure(new AppError('INTERNAL', `${ERRORS.INTERNAL.en} Its log has the cause; repeating the call may work.`));
    } finally {
      this.#running.delete(running);
    }
  }

  /** Resolves when no call is running any more, however the calls ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #run(tool: Tool, given: Readonly<Record<string, unknown>>, ctx: ServerContext): Promise<object> {
    const { team, guard, clock, log } = this.#options;
    const identity = identityOfRequest(ctx);
    const { [tool.roleArgument]: role, ...input } = given;
    // Looks at shared state do not pass the bus's own check.
    if (tool.annotations.readOnlyHint === true) guard.assertOperational();
    const caller = () => callerFor(identity, tool.roleArgument, role, team.roles);
    if (role !== undefined) caller();
    return tool.run({ ...team, caller, waiting: (call) => waitWithProgress({ ctx, clock, log, waitSec: input['wait_sec'] }, call) }, input);
  }
}

function success(answer: object): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer };
}

function failure({ code, message, retryable, details }: AppError): CallToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: `${code}: ${message}` }],
    _meta: { [ERROR_META]: { code, message, retryable, details } },
  };
}
