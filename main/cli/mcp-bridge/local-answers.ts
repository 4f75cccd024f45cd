import { isObject, type RequestMessage } from './messages.ts';
import { reportOf, TROUBLE_SCHEMA, toolResult, type Trouble } from './trouble.ts';

export interface LocalAnswersParts {
  readonly version: string;
  /** The tools as this version of the core lists them; loaded when no running core has listed its own yet. */
  readonly bundledTools: () => Promise<readonly object[]>;
  /** The command line that makes this client's next token. */
  readonly tokenCommand: string;
}

/** Revisions with the `initialize` handshake that the core speaks, newest first. */
const LEGACY_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
const MODERN_REVISION = '2026-07-28';

/** Lists that are worth remembering, and the member that holds them. */
const LISTS: Readonly<Record<string, string>> = {
  'tools/list': 'tools',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
};

/** What the bridge answers in the place of a core that cannot, so that the client keeps it (DESIGN §6). */
export class LocalAnswers {
  readonly #parts: LocalAnswersParts;
  /** The last list of each kind that the core gave. */
  readonly #known = new Map<string, object>();

  constructor(parts: LocalAnswersParts) {
    this.#parts = parts;
  }

  /** The answer of the core as the client gets it: tools may also answer with a trouble, so their schemas say so. */
  adopt({ method, params }: RequestMessage, result: Readonly<Record<string, unknown>>): object {
    const member = LISTS[method];
    if (member === undefined || !Array.isArray(result[member])) return result;
    const adapted = method === 'tools/list' ? { ...result, tools: (result[member] as object[]).map(withTroubleSchema) } : result;
    if (params['cursor'] === undefined) this.#known.set(method, { [member]: adapted[member] });
    return adapted;
  }

  /** The result to answer with; null: there is none, the request fails. `revision` is the one the request names, if any. */
  async result({ method, params }: RequestMessage, trouble: Trouble, revision: string | null): Promise<object | null> {
    const complete = revision === null ? {} : { resultType: 'complete' };
    const uncached = revision === null ? {} : { ...complete, ttlMs: 0, cacheScope: 'private' };
    if (method === 'tools/call') return { ...toolResult(trouble, this.#parts.tokenCommand), ...complete };
    if (method === 'initialize') return this.#initialize(params['protocolVersion'], trouble);
    if (method === 'server/discover') return { supportedVersions: [MODERN_REVISION], ...this.#server(trouble), ...uncached };
    const member = LISTS[method];
    if (member === undefined) return null;
    const list = this.#known.get(method) ?? { [member]: method === 'tools/list' ? (await this.#parts.bundledTools()).map(withTroubleSchema) : [] };
    return { ...list, ...uncached };
  }

  /** A trouble in words, for requests that have no result without the core. */
  explain(trouble: Trouble): { readonly message: string; readonly retryable: boolean } {
    return trouble.status === 'refused' ? trouble : reportOf(trouble, this.#parts.tokenCommand);
  }

  #initialize(wanted: unknown, trouble: Trouble): object {
    const protocolVersion = LEGACY_REVISIONS.find((revision) => revision === wanted) ?? LEGACY_REVISIONS[0];
    return { protocolVersion, ...this.#server(trouble), serverInfo: this.#info() };
  }

  #server(trouble: Trouble): object {
    return {
      // The lists of a core that comes later may differ from these.
      capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } },
      instructions: `${this.explain(trouble).message} Begin with whoami when it works again.`,
      _meta: { 'io.modelcontextprotocol/serverInfo': this.#info() },
    };
  }

  #info(): object {
    return { name: 'wheelhouse', title: 'Wheelhouse team bus', version: this.#parts.version };
  }
}

/** Clients check structured answers against the schema that they learnt, also when it is a trouble. */
function withTroubleSchema(tool: object): object {
  const schema: unknown = 'outputSchema' in tool ? tool.outputSchema : undefined;
  return isObject(schema) ? { ...tool, outputSchema: { type: 'object', anyOf: [schema, TROUBLE_SCHEMA] } } : tool;
}
