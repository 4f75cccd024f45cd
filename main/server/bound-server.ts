import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings, type WebSocketServerLike } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { AppError } from '../base/errors.ts';
import { isLoopbackHost } from '../base/loopback.ts';
import { describePortHolder } from './port-holder.ts';

export interface BindSettings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly allowRemote: boolean;
  /**
   * Whether the adapter may put its own Request and Response in the place of the platform's, for the whole process. It
   * answers a sixth faster with them, but Electron uses these classes too.
   */
  readonly ownClasses: boolean;
}

/** Answers one request. */
export type FetchHandler = (request: Request, env: Partial<HttpBindings>) => Response | Promise<Response>;

/** Windows only listen, so nothing long comes from them. */
const MAX_SOCKET_MESSAGE_BYTES = 1024;
/** How long requests in progress may take when the server stops. */
const STOP_DEADLINE_MS = 3000;
const IDLE_CHECK_MS = 20;

/** A port that belongs to us. Until {@link serve} is called it answers 503. */
export class BoundServer {
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_SOCKET_MESSAGE_BYTES, perMessageDeflate: false });
  #stopping: Promise<void> | null = null;
  #handler: FetchHandler = () => new Response('Wheelhouse is starting.', { status: 503, headers: { 'Retry-After': '1' } });

  private constructor(ownClasses: boolean) {
    this.#server = createAdaptorServer({
      fetch: async (request, env) => this.#handler(request, env as Partial<HttpBindings>),
      createServer,
      // Everything else that asks for an upgrade is answered as a plain request instead of left hanging.
      serverOptions: { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
      overrideGlobalObjects: ownClasses,
      // The adapter's idea of `ws` is narrower than the package's types.
      websocket: { server: this.#sockets as unknown as WebSocketServerLike },
    }) as Server;
  }

  /** Throws PORT_TAKEN naming the holder, and CONFIG_INVALID for an address that is not allowed or not of this machine. */
  static async bind(settings: BindSettings): Promise<BoundServer> {
    const { host, port, allowRemote, ownClasses } = settings;
    if (!isLoopbackHost(host) && !allowRemote) {
      throw new AppError(
        'CONFIG_INVALID',
        `server.host is ${host}, which other machines can reach. Set server.allow_remote = true as well (and put TLS in front), or listen on 127.0.0.1.`,
        { key: 'server.host', value: host },
      );
    }
    const bound = new BoundServer(ownClasses);
    await bound.#listen(host, port);
    return bound;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  serve(handler: FetchHandler): void {
    this.#handler = handler;
  }

  /** Takes no new requests and lets those in progress finish, but not for long. A second call waits for the first. */
  async stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    await this.#stopping;
  }

  async #stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    // Real time also under a test's clock: the other side of the connection lives in it.
    const deadline = setTimeout(() => {
      this.#server.closeAllConnections();
      for (const socket of this.#sockets.clients) socket.terminate();
    }, STOP_DEADLINE_MS);
    // Node closes the connections that are idle at this moment, not those whose last answer is still on its way.
    const idle = setInterval(() => this.#server.closeIdleConnections(), IDLE_CHECK_MS);
    await closed;
    clearTimeout(deadline);
    clearInterval(idle);
  }

  async #listen(host: string, port: number): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(port, host, () => {
          this.#server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      throw await explain(error as NodeJS.ErrnoException, host, port);
    }
  }
}

async function explain(error: NodeJS.ErrnoException, host: string, port: number): Promise<unknown> {
  if (error.code === 'EADDRINUSE') {
    const holder = await describePortHolder(host, port);
    return new AppError(
      'PORT_TAKEN',
      `Port ${port} on ${host} is taken by ${holder}. Stop it, or choose another port with server.port in config.toml (or WAIAAS_SERVER_PORT).`,
      { host, port, holder },
      { cause: error },
    );
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EACCES') {
    return new AppError('CONFIG_INVALID', `Wheelhouse cannot listen on ${host}:${port} (${error.code}). Check server.host and server.port.`, { host, port }, { cause: error });
  }
  return error;
}
