import type { Server } from '@modelcontextprotocol/server';

/** More requests of one kind than this are rarely in progress at once; the rest are left to the garbage collector. */
const MAX_IDLE = 64;

/**
 * Server instances between two requests. The SDK asks for one per request; making it costs as much as a small tool call,
 * and one that was closed may be connected again. What it remembers of the request before is overwritten at the next.
 */
export class ServerPool {
  readonly #make: (instructions: string) => Server;
  readonly #idle = new Map<string, Server[]>();

  /** `make` gets the instructions, which are all that sets instances apart. */
  constructor(make: (instructions: string) => Server) {
    this.#make = make;
  }

  /** An instance that serves nobody; it comes back by itself when its exchange is closed. */
  take(instructions: string): Server {
    const idle = this.#idle.get(instructions) ?? [];
    this.#idle.set(instructions, idle);
    const waiting = idle.pop();
    if (waiting !== undefined) return waiting;
    const server = this.#make(instructions);
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's server is no EventTarget
    server.onclose = () => {
      if (idle.length < MAX_IDLE) idle.push(server);
    };
    return server;
  }
}
