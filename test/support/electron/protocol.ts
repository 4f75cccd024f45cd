import type { Route } from '@playwright/test';
import type { CustomScheme } from 'electron';
import { fromPageUrl } from './addresses.ts';
import { backstage, type Host } from './host.ts';
import type { Shape } from './shape.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** Custom schemes: registered before ready, served by the application's own handlers. */
export class StandInProtocol implements Shape<Electron.Protocol, 'registerSchemesAsPrivileged', 'handle'> {
  readonly #host: Host;
  readonly #schemes = new Set<string>();
  readonly #handlers = new Map<string, Handler>();
  #registered = false;

  constructor(host: Host) {
    this.#host = host;
  }

  registerSchemesAsPrivileged(customSchemes: CustomScheme[]): void {
    if (this.#host.ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    if (this.#registered) throw new Error('protocol.registerSchemesAsPrivileged may be called once');
    this.#registered = true;
    for (const { scheme, privileges } of customSchemes) {
      if (!privileges?.standard || !privileges.secure) throw new Error('not in the stand-in: schemes that are not standard and secure');
      this.#schemes.add(scheme);
    }
  }

  handle(scheme: string, handler: Handler): void {
    if (!this.#host.ready) throw new Error('protocol.handle should be called after app is ready');
    if (!this.#schemes.has(scheme)) throw new Error(`not in the stand-in: the scheme ${scheme} without registerSchemesAsPrivileged`);
    if (this.#handlers.has(scheme)) throw new Error(`The scheme has been registered: ${scheme}`);
    this.#handlers.set(scheme, handler);
  }

  get [backstage]() {
    return {
      /** Answers a request of a page with the application's handler; everything else goes to the network. */
      serve: async (route: Route): Promise<void> => {
        const request = route.request();
        const url = fromPageUrl(request.url());
        if (url === request.url()) return route.continue();
        const handler = this.#handlers.get(new URL(url).protocol.slice(0, -1));
        if (handler === undefined) return route.abort('failed');
        const response = await handler(new Request(url, { method: request.method(), headers: plainHeaders(await request.allHeaders()) }));
        return route.fulfill({
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: Buffer.from(await response.arrayBuffer()),
        });
      },
    };
  }
}

/** Without the pseudo headers of HTTP/2, which `Request` refuses. */
function plainHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));
}
