import { EventEmitter } from 'node:events';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Shape } from './shape.ts';

type Options = Electron.ClientRequestConstructorOptions;

const OPTIONS = new Set(['method', 'protocol', 'hostname', 'port', 'path', 'headers', 'redirect', 'session']);

/** Chromium's network as far as it fetches a file: over HTTP, to this machine and nowhere else. */
export function netModule(): Shape<Electron.Net, never, 'request'> {
  return { request: (options: Options) => new StandInClientRequest(options) };
}

export class StandInClientRequest extends EventEmitter implements Shape<Electron.ClientRequest, 'abort' | 'followRedirect'> {
  readonly #request: ClientRequest;
  #follows = false;

  constructor(options: Options) {
    super();
    for (const name of Object.keys(options)) if (!OPTIONS.has(name)) throw new Error(`not in the stand-in: the option ${name} of net.request`);
    const { method = 'GET', protocol, hostname, port, path, headers = {}, redirect } = options;
    if (protocol !== 'http:' || hostname !== '127.0.0.1') throw new Error(`The stand-in reaches only this machine, not ${protocol}//${hostname}.`);
    if (redirect !== 'manual' && redirect !== undefined) throw new Error('not in the stand-in: redirects that are followed by themselves');
    this.#request = requestHttp({ method, hostname, port, path, headers: headers as Record<string, string> });
    this.#request.on('response', (message) => this.#answer(message, method));
    this.#request.on('error', (error) => this.emit('error', error));
  }

  end(): this {
    this.#request.end();
    return this;
  }

  abort(): void {
    this.#request.destroy();
    this.emit('abort');
  }

  followRedirect(): void {
    this.#follows = true;
  }

  #answer(message: IncomingMessage, method: string): void {
    const { statusCode = 0, headers } = message;
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) {
      this.emit('response', new StandInIncomingMessage(message));
      return;
    }
    this.emit('redirect', statusCode, method, new URL(headers.location, `http://${this.#request.host}`).href, message.headersDistinct);
    if (this.#follows) throw new Error('not in the stand-in: followRedirect');
    message.destroy();
  }
}

/** A body that can be read as a stream; a connection that ends in the middle of it is an error. */
export class StandInIncomingMessage extends Readable implements Shape<Electron.IncomingMessage, 'statusCode' | 'statusMessage', 'headers'> {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: IncomingMessage['headers'];
  readonly #message: IncomingMessage;

  constructor(message: IncomingMessage) {
    super();
    this.statusCode = message.statusCode ?? 0;
    this.statusMessage = message.statusMessage ?? '';
    this.headers = message.headers;
    this.#message = message;
    message.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) message.pause();
    });
    message.on('end', () => this.push(null));
    message.on('error', () => {
      this.emit('aborted');
      this.destroy(new Error('net::ERR_CONTENT_LENGTH_MISMATCH'));
    });
  }

  override _read(): void {
    this.#message.resume();
  }
}
