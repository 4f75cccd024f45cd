import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { EGRESS_SOCKET } from './container-spec.ts';

/** The way out of one container without a network. */
export interface EgressWay {
  /** The folder of this machine in which the socket lies. */
  readonly dir: string;
  /** Ends every connection through it. Never rejects. */
  close(): Promise<void>;
}

export interface EgressParts {
  /** Tells our folders from those of other installations on this machine. */
  readonly installId: string;
  /** `host:port` of what may be reached; the names are compared as they are asked for. */
  readonly allowed: readonly string[];
  /** Hears what an agent asked for in vain, each destination once per container. */
  readonly refused: (destination: string) => void;
}

/** An agent that tries very many destinations is not worth a line for each. */
const MOST_TOLD = 100;

/**
 * What network "restricted" means: the container has no network at all, only a socket of ours, behind which a proxy
 * connects to the allowed hosts. Names are resolved here, so an agent cannot choose the address behind one.
 */
export class Egress {
  readonly #parts: EgressParts;

  constructor(parts: EgressParts) {
    this.#parts = parts;
  }

  /** Removes what a crash left behind; its sockets lead nowhere any more. Call it before a way is opened. */
  sweep(): void {
    for (const name of readdirSync(tmpdir())) if (name.startsWith(this.#prefix)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }

  get #prefix(): string {
    return `wheelhouse-${this.#parts.installId}-`;
  }

  /** Opens a way; each container has its own. */
  async open(): Promise<EgressWay> {
    // Paths of sockets must be short. The outer folder is private; the inner one is open to the agent, who is another user.
    const outer = mkdtempSync(join(tmpdir(), this.#prefix));
    const dir = join(outer, 'way');
    mkdirSync(dir);
    chmodSync(dir, 0o755);
    const connections = new Set<Duplex>();
    const told = new Set<string>();
    const server = createServer((request, response) => this.#forward(request, response, told));
    server.on('connection', (socket: Socket) => track(connections, socket));
    server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#tunnel(request.url ?? '', socket, head, connections, told));
    await listen(server, join(dir, EGRESS_SOCKET));
    chmodSync(join(dir, EGRESS_SOCKET), 0o666);
    return {
      dir,
      close: async () => {
        for (const connection of connections) connection.destroy();
        await new Promise<void>((resolve) => server.close(() => resolve()));
        rmSync(outer, { recursive: true, force: true });
      },
    };
  }

  #tunnel(destination: string, socket: Duplex, head: Buffer, connections: Set<Duplex>, told: Set<string>): void {
    socket.on('error', () => socket.destroy());
    if (!this.#allows(destination)) {
      socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${this.#refusal(destination, told)}`);
      return;
    }
    const { hostname, port } = new URL(`tcp://${destination}`);
    const far = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
    track(connections, far);
    far.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    far.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n'));
    far.once('close', () => socket.destroy());
    socket.once('close', () => far.destroy());
  }

  #forward(request: IncomingMessage, response: ServerResponse, told: Set<string>): void {
    const url = URL.canParse(request.url ?? '') ? new URL(request.url!) : null;
    const destination = url === null ? (request.url ?? '') : `${url.hostname}:${url.port === '' ? 80 : url.port}`;
    if (url === null || url.protocol !== 'http:' || !this.#allows(destination)) {
      response.writeHead(403, { 'content-type': 'text/plain' }).end(this.#refusal(destination, told));
      return;
    }
    const { 'proxy-connection': _hop, ...headers } = request.headers;
    const far = httpRequest(url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    far.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.once('close', () => far.destroy());
    request.pipe(far);
  }

  #allows(destination: string): boolean {
    return this.#parts.allowed.includes(destination.toLowerCase());
  }

  #refusal(destination: string, told: Set<string>): string {
    const shown = destination.slice(0, 200);
    if (!told.has(shown) && told.size < MOST_TOLD) this.#parts.refused(shown);
    told.add(shown);
    return `The network of this agent is restricted: ${shown} is not in [agents] restricted_hosts of Wheelhouse.\n`;
  }
}

function track(connections: Set<Duplex>, connection: Duplex): void {
  connections.add(connection);
  connection.once('close', () => connections.delete(connection));
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}
