import type { Page } from '../../preload/contract.ts';

/** Somebody wants to see the window; with a page when they asked for one. */
export interface OpenRequest {
  readonly page: Page | null;
}

/** Requests to open the window: kept until the shell can serve them, then handed on at once. */
export class OpenRequests {
  #kept: OpenRequest[] = [];
  #serve: ((request: OpenRequest) => void) | null = null;

  push(request: OpenRequest): void {
    if (this.#serve === null) this.#kept.push(request);
    else this.#serve(request);
  }

  /** Serves what was kept and everything after it. Returns whether there was anything. */
  serveWith(serve: (request: OpenRequest) => void): boolean {
    const kept = this.#kept;
    this.#serve = serve;
    this.#kept = [];
    for (const request of kept) serve(request);
    return kept.length > 0;
  }
}
