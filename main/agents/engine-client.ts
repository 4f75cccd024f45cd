import type { ContainerSpec } from './container-spec.ts';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineAddress } from './engine-address.ts';
import type { EngineAnswers } from './engine-report.ts';

/** What an engine answered instead of doing what it was asked. Without an answer the error is that of the connection. */
export class EngineRefusal extends Error {
  override readonly name = 'EngineRefusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A container in a list of the engine. */
export interface ListedContainer {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

/** How a container stands. */
export interface InspectedContainer {
  readonly State: { readonly Running: boolean; readonly ExitCode: number; readonly OOMKilled: boolean };
}

/** What an engine knows of an image. */
export interface InspectedImage {
  readonly Id: string;
  /** ISO 8601. */
  readonly Created: string;
  /** In bytes. */
  readonly Size: number;
}

/** An engine that does not answer a plain question for this long hangs. */
const ANSWER_MS = 60_000;
const REMOVE_TRIES = 5;
const REMOVE_PAUSE_MS = 100;

/**
 * The part of the Docker API that runs and the image need, as plain requests. Not dockerode: a request of it never settles
 * when the engine goes away in the middle of an answer, it puts bytes of its own in front of what a container reads from
 * stdin, and it brings an SSH and a gRPC client, with native code, into every start.
 */
export class EngineClient {
  readonly address: EngineAddress;

  constructor(address: EngineAddress) {
    this.address = address;
  }

  /** Rejects with code TIMEOUT when there is no answer within `withinMs`. */
  async ask(withinMs: number): Promise<EngineAnswers> {
    const [version, info] = await Promise.all([this.#call('GET', '/version', { withinMs }), this.#call('GET', '/info', { withinMs })]);
    return { version, info } as EngineAnswers;
  }

  /** Resolves with the id. */
  async create({ name, ...spec }: ContainerSpec): Promise<string> {
    return ((await this.#call('POST', `/containers/create?name=${encodeURIComponent(name)}`, { body: spec })) as { Id: string }).Id;
  }

  async start(id: string): Promise<void> {
    await this.#call('POST', `${container(id)}/start`);
  }

  /** One that has ended, or is gone, is no error. */
  async kill(id: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    try {
      await ignore([404, 409], this.#call('POST', `${container(id)}/kill?signal=${signal}`));
    } catch (error) {
      // How Podman says that it has ended, or was never started.
      if (!(error instanceof EngineRefusal) || !error.message.includes('container state improper')) throw error;
    }
  }

  /** By force, with everything of it. One that is gone already, or is being removed, is no error. */
  async remove(id: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await ignore([404, 409], this.#call('DELETE', `${container(id)}?force=true&v=true`));
        return;
      } catch (error) {
        // Podman stumbles over a container that ends at the same moment, and manages a moment later.
        if (!(error instanceof EngineRefusal) || error.status !== 500 || tries === REMOVE_TRIES) throw error;
        await sleep(REMOVE_PAUSE_MS);
      }
    }
  }

  async inspect(id: string): Promise<InspectedContainer> {
    return (await this.#call('GET', `${container(id)}/json`)) as InspectedContainer;
  }

  /** Running or not. */
  async list(label: string): Promise<readonly ListedContainer[]> {
    return (await this.#call('GET', `/containers/json?all=true&filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`)) as ListedContainer[];
  }

  /** Null: there is no such image. */
  async image(name: string): Promise<InspectedImage | null> {
    return (await ignore([404], this.#call('GET', `/images/${encodeURIComponent(name)}/json`))) as InspectedImage | null;
  }

  /**
   * Builds an image from a tar archive. What the engine says comes piece by piece: one JSON document per line. Rejects, or
   * breaks off, when the engine refuses, goes away, or `signal` is aborted.
   */
  async *build(name: string, containerfile: string, archive: AsyncIterable<Buffer>, signal?: AbortSignal): AsyncGenerator<string> {
    const query = new URLSearchParams({ t: name, dockerfile: containerfile, rm: 'true', forcerm: 'true' });
    const request = this.#request('POST', `/build?${query.toString()}`, { 'content-type': 'application/x-tar', 'transfer-encoding': 'chunked' });
    const give = (): void => void request.destroy(new Error('the build was stopped'));
    signal?.addEventListener('abort', give, { once: true });
    try {
      const answered = new Promise<IncomingMessage>((resolve, reject) => {
        request.once('error', reject);
        request.once('response', resolve);
      });
      // An engine that answers early, as for a bad name, need not read all of it.
      const [response] = await Promise.all([answered, pipeline(archive, request).catch((error: unknown) => request.destroy(error as Error))]);
      if (response.statusCode !== 200) throw refusal(response, await readBody(response));
      for await (const text of response.setEncoding('utf8')) yield text as string;
    } finally {
      signal?.removeEventListener('abort', give);
      request.destroy();
    }
  }

  /** Resolves with the exit code when it has ended; rejects when the engine goes away meanwhile. */
  async wait(id: string): Promise<number> {
    return ((await this.#call('POST', `${container(id)}/wait`, { withinMs: 0 })) as { StatusCode: number }).StatusCode;
  }

  /** Its stdin and both outputs as one stream: what is written goes to stdin, what is read are frames. */
  async attach(id: string): Promise<Duplex> {
    const request = this.#request('POST', `${container(id)}/attach?stream=1&stdin=1&stdout=1&stderr=1`, { connection: 'Upgrade', upgrade: 'tcp', 'content-length': '0' });
    return new Promise((resolve, reject) => {
      request.once('error', reject);
      request.once('upgrade', (_response, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      // Without an upgrade the engine explains itself, as for a container that is gone.
      request.once('response', (response) => {
        readBody(response).then((body) => reject(refusal(response, body)), reject);
      });
      // No body: Podman would hand it to the container's stdin.
      request.end();
    });
  }

  async #call(method: string, path: string, { body, withinMs = ANSWER_MS }: { readonly body?: object; readonly withinMs?: number } = {}): Promise<unknown> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const request = this.#request(method, path, { 'content-length': String(Buffer.byteLength(text)), ...(body === undefined ? {} : { 'content-type': 'application/json' }) });
    if (withinMs > 0) request.setTimeout(withinMs, () => request.destroy(Object.assign(new Error('the engine does not answer'), { code: 'TIMEOUT' })));
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('error', reject);
      request.once('response', resolve);
      request.end(text);
    });
    const answer = await readBody(response);
    if ((response.statusCode ?? 500) >= 400) throw refusal(response, answer);
    return answer === '' ? null : (JSON.parse(answer) as unknown);
  }

  #request(method: string, path: string, headers: Readonly<Record<string, string>>): ClientRequest {
    // Each has a connection of its own: some last as long as a container does.
    const options = { method, path, headers: { host: 'localhost', ...headers }, agent: false } as const;
    const { address } = this;
    if (address.kind === 'socket') return httpRequest({ ...options, socketPath: address.path });
    const at = { ...options, host: address.host, port: address.port };
    return address.tls === null ? httpRequest(at) : httpsRequest({ ...at, ...address.tls });
  }
}

function container(id: string): string {
  return `/containers/${encodeURIComponent(id)}`;
}

async function ignore<T>(statuses: readonly number[], call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof EngineRefusal && statuses.includes(error.status)) return null;
    throw error;
  }
}

async function readBody(response: IncomingMessage): Promise<string> {
  let body = '';
  response.setEncoding('utf8');
  for await (const text of response) body += text as string;
  return body;
}

function refusal({ statusCode = 500 }: IncomingMessage, body: string): EngineRefusal {
  try {
    const { message, cause } = JSON.parse(body) as { message?: unknown; cause?: unknown };
    const said = [message, cause].find((text): text is string => typeof text === 'string');
    if (said !== undefined) return new EngineRefusal(statusCode, said.trim());
  } catch {
    // Not JSON: shown as it is.
  }
  return new EngineRefusal(statusCode, body.trim() === '' ? `HTTP ${statusCode}` : body.trim().slice(0, 500));
}
