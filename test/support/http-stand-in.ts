import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as a stand-in got it. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Parsed JSON; undefined when there was no body. */
  readonly body: unknown;
}

/** The answer to a request: a status with a JSON body, or silence by a cut connection. */
export type StandInAnswer = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } | 'cut';

/** A service on loopback whose protocol is `answer`; a test may plan other answers for the next requests. */
export interface HttpStandIn {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  next(...answers: readonly StandInAnswer[]): void;
  close(): Promise<void>;
}

export async function startStandIn(answer: (request: SeenRequest) => StandInAnswer): Promise<HttpStandIn> {
  const requests: SeenRequest[] = [];
  const planned: StandInAnswer[] = [];
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf-8');
    const seen: SeenRequest = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    requests.push(seen);
    const said = planned.shift() ?? answer(seen);
    if (said === 'cut') {
      request.socket.destroy();
      return;
    }
    response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers });
    response.end(said.body === undefined ? '' : JSON.stringify(said.body));
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    next: (...answers) => void planned.push(...answers),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

const bytes = (value: unknown): number => (typeof value === 'string' ? Buffer.byteLength(value) : Number.POSITIVE_INFINITY);

/** A Discord webhook (Discord developer docs, "Execute Webhook"): the limits that it enforces, and its answer with `wait`. */
export async function startDiscord(path = '/api/webhooks/1097/kJ-secret_part'): Promise<HttpStandIn & { readonly webhook: string }> {
  const standIn = await startStandIn(({ method, path: asked, body }) => {
    if (asked.split('?')[0] !== path) return { status: 404, body: { message: 'Unknown Webhook', code: 10_015 } };
    if (method === 'GET') return { status: 200, body: { id: '1097', type: 1, name: 'alerts' } };
    const { embeds = [] } = body as { readonly embeds?: readonly { readonly title?: string; readonly description?: string }[] };
    const tooLong = embeds.some(({ title = '', description = '' }) => title.length > 256 || description.length > 4096 || title.length + description.length > 6000);
    if (embeds.length === 0 || tooLong) return { status: 400, body: { message: 'Invalid Form Body', code: 50_035 } };
    return asked.includes('wait=true') ? { status: 200, body: { id: '118' } } : { status: 204 };
  });
  return { ...standIn, webhook: standIn.url + path };
}

/** An ntfy server (ntfy docs, "Publish as JSON"): published to its root, with its limits. */
export async function startNtfy(token: string | null = null): Promise<HttpStandIn> {
  return startStandIn(({ method, path, headers, body }) => {
    if (method === 'GET' && path === '/v1/health') return { status: 200, body: { healthy: true } };
    if (token !== null && headers.authorization !== `Bearer ${token}`) return { status: 403, body: { code: 40_301, http: 403, error: 'forbidden' } };
    const { topic, title, message, actions = [] } = body as { readonly topic?: string; readonly title?: string; readonly message?: string; readonly actions?: readonly unknown[] };
    if (path !== '/' || !/^[-_A-Za-z0-9]{1,64}$/.test(topic ?? '')) return { status: 400, body: { code: 40_009, http: 400, error: 'invalid request: topic invalid' } };
    if (bytes(message) > 4096 || bytes(title) > 1024 || actions.length > 3) return { status: 400, body: { code: 40_014, http: 400, error: 'invalid request: limit reached' } };
    return { status: 200, body: { id: 'hwQ2YpKdmg', event: 'message', topic } };
  });
}
