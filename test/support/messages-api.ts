import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A part of an answer of the model. */
export type ModelBlock =
  /** Comes in two halves; the second one waits for `halfway`. */
  | { readonly type: 'text'; readonly text: string; readonly halfway?: () => Promise<unknown> }
  | { readonly type: 'tool_use'; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** One turn that a client asks for, as far as scripts look at it. */
export interface ModelTurn {
  readonly apiKey: string | null;
  readonly model: string;
  readonly system: string;
  /** The names of the tools on offer. */
  readonly tools: readonly string[];
  /** Everything that was said so far, one line per block: `user: …`, `assistant: …`, `tool_use name: …`, `tool_result: …`. */
  readonly transcript: readonly string[];
}

/** The API does not let the turn through, as with a key that is not valid. */
export interface ApiRefusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

/** What the model says to a turn. May wait before it answers. */
export type ModelScript = (turn: ModelTurn) => readonly ModelBlock[] | ApiRefusal | Promise<readonly ModelBlock[] | ApiRefusal>;

/** A stand-in for the Anthropic Messages API on loopback that answers what a script says, as server-sent events. */
export interface MessagesApi {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  /** The turns of the conversation itself, in order; questions on the side, which offer no tools, are not among them. */
  readonly turns: readonly ModelTurn[];
  stop(): Promise<void>;
}

interface WireBlock {
  readonly type: string;
  readonly text?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly content?: string | readonly WireBlock[];
}
interface WireRequest {
  readonly model?: string;
  readonly system?: string | readonly WireBlock[];
  readonly tools?: readonly { readonly name: string }[];
  readonly messages?: readonly { readonly role: string; readonly content: string | readonly WireBlock[] }[];
  readonly stream?: boolean;
}

/** Starts one on a free port; over TLS, for the name `localhost`, with a certificate. Both as PEM. */
export async function startMessagesApi(script: ModelScript, tls?: { readonly key: string; readonly cert: string }): Promise<MessagesApi> {
  const turns: ModelTurn[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response, script, turns).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ type: 'error', error: { type: 'api_error', message: String(error) } }));
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${tls === undefined ? 'http://127.0.0.1' : 'https://localhost'}:${(server.address() as AddressInfo).port}`,
    turns,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, script: ModelScript, turns: ModelTurn[]): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://x').pathname;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (path === '/v1/messages/count_tokens') return json(response, 200, { input_tokens: 10 });
  if (request.method !== 'POST' || path !== '/v1/messages') return json(response, 404, { type: 'error', error: { type: 'not_found_error', message: path } });
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as WireRequest;
  const turn = readTurn(body, request);
  let blocks: readonly ModelBlock[] = [{ type: 'text', text: 'ok' }];
  if (turn.tools.length > 0) {
    turns.push(turn);
    const said = await script(turn);
    if ('status' in said) return json(response, said.status, { type: 'error', error: { type: said.type, message: said.message } });
    blocks = said;
  }
  if (body.stream === true) await stream(response, turn.model, blocks);
  else json(response, 200, { ...envelope(turn.model), content: blocks.map(wireBlock), ...ending(blocks), usage: USAGE });
}

function readTurn(body: WireRequest, request: IncomingMessage): ModelTurn {
  const bearer = request.headers.authorization?.replace(/^Bearer /, '');
  return {
    apiKey: (request.headers['x-api-key'] as string | undefined) ?? bearer ?? null,
    model: body.model ?? '',
    system: textOf(body.system ?? ''),
    tools: (body.tools ?? []).map((tool) => tool.name),
    transcript: (body.messages ?? []).flatMap(({ role, content }) =>
      typeof content === 'string' ? [`${role}: ${content}`] : content.map((block) => line(role, block)),
    ),
  };
}

function line(role: string, block: WireBlock): string {
  if (block.type === 'tool_use') return `tool_use ${block.name}: ${JSON.stringify(block.input)}`;
  if (block.type === 'tool_result') return `tool_result: ${textOf(block.content ?? '')}`;
  return `${role}: ${block.text ?? block.type}`;
}

function textOf(content: string | readonly WireBlock[]): string {
  return typeof content === 'string' ? content : content.map((block) => block.text ?? block.type).join('\n');
}

const USAGE = { input_tokens: 10, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

function envelope(model: string): object {
  return { id: `msg_${crypto.randomUUID().replaceAll('-', '')}`, type: 'message', role: 'assistant', model };
}

function ending(blocks: readonly ModelBlock[]): { readonly stop_reason: string; readonly stop_sequence: null } {
  return { stop_reason: blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn', stop_sequence: null };
}

function wireBlock(block: ModelBlock): object {
  return block.type === 'text' ? { type: 'text', text: block.text } : { ...block, id: `toolu_${crypto.randomUUID().replaceAll('-', '')}` };
}

async function stream(response: ServerResponse, model: string, blocks: readonly ModelBlock[]): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (type: string, data: object): void => void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send('message_start', { message: { ...envelope(model), content: [], stop_reason: null, stop_sequence: null, usage: USAGE } });
  for (const [index, block] of blocks.entries()) {
    if (block.type === 'text') {
      send('content_block_start', { index, content_block: { type: 'text', text: '' } });
      // Two deltas, because real answers come in pieces.
      const half = Math.ceil(block.text.length / 2);
      const say = (text: string): void => send('content_block_delta', { index, delta: { type: 'text_delta', text } });
      say(block.text.slice(0, half));
      await block.halfway?.();
      say(block.text.slice(half));
    } else {
      send('content_block_start', { index, content_block: { ...wireBlock(block), input: {} } });
      send('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: JSON.stringify(block.input) } });
    }
    send('content_block_stop', { index });
  }
  send('message_delta', { delta: ending(blocks), usage: { output_tokens: 10 } });
  send('message_stop', {});
  response.end();
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
