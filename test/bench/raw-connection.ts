import { connect, type Socket } from 'node:net';

/** Where requests go and with which token. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly token: string;
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A `tools/call` of revision 2026-07-28 as the bytes of one HTTP/1.1 request. */
export function toolCall(target: Target, id: number, name: string, args: object): Buffer {
  const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args, _meta: META } });
  const head = [
    `POST ${target.path} HTTP/1.1`,
    `Host: ${target.host}:${target.port}`,
    `Authorization: Bearer ${target.token}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    'MCP-Protocol-Version: 2026-07-28',
    'Mcp-Method: tools/call',
    `Mcp-Name: ${name}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * One kept-alive connection that sends bytes and waits for one answer. Far lighter than an HTTP client, so that on a small
 * machine the server is what is measured.
 */
export class RawConnection {
  readonly #socket: Socket;
  #received = '';
  #waiting: { readonly resolve: (body: string) => void; readonly reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  static open({ host, port }: Target): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, host, () => resolve(new RawConnection(socket)));
      socket.once('error', reject);
    });
  }

  /** Resolves with the body of a successful tool call; rejects for any other answer. */
  async call(request: Buffer): Promise<string> {
    const body = await new Promise<string>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
    if (!body.includes('"result":') || body.includes('"isError":true')) throw new Error(`the call failed: ${body.slice(0, 500)}`);
    return body;
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = this.#received.slice(0, end).toLowerCase();
    const length = /\r\ncontent-length: (\d+)/.exec(head);
    const complete = length === null ? this.#received.endsWith('0\r\n\r\n') : this.#received.length >= end + 4 + Number(length[1]);
    if (!complete) return;
    const answer = this.#received;
    this.#received = '';
    const waiting = this.#waiting;
    this.#waiting = null;
    if (head.startsWith('http/1.1 200')) waiting?.resolve(answer.slice(end + 4));
    else waiting?.reject(new Error(answer.slice(0, 500)));
  }
}
