import type { Identity } from './identity.ts';
import type { McpEndpoint } from './mcp/endpoint.ts';

/** Loads the MCP endpoint with its large packages at the first request, which the first second of a start does not need. */
export class LazyMcp {
  readonly #load: () => Promise<McpEndpoint>;
  #endpoint: Promise<McpEndpoint> | null = null;

  constructor(load: () => Promise<McpEndpoint>) {
    this.#load = load;
  }

  async fetch(request: Request, identity: Identity): Promise<Response> {
    this.#endpoint ??= this.#loadOnce();
    return (await this.#endpoint).fetch(request, identity);
  }

  /** A session ended: its open streams end now. */
  async endSession(sessionId: string): Promise<void> {
    await (await this.#endpoint)?.endSession(sessionId);
  }

  async close(): Promise<void> {
    await (await this.#endpoint)?.close();
  }

  async #loadOnce(): Promise<McpEndpoint> {
    try {
      return await this.#load();
    } catch (error) {
      this.#endpoint = null;
      throw error;
    }
  }
}
