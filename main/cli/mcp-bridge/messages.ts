/** One JSON-RPC message as it came; only what is needed of it is looked at. */
export type Message = Readonly<Record<string, unknown>>;
export type MessageId = string | number;

/** A message that wants an answer. */
export interface RequestMessage {
  readonly id: MessageId;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: Message;
}

const VERSION_META = 'io.modelcontextprotocol/protocolVersion';

/** Error codes of JSON-RPC 2.0, and those with which the HTTP layer of MCP refuses. */
export const RPC = { parseError: -32_700, invalidRequest: -32_600, internal: -32_603, refused: -32_000, sessionNotFound: -32_001 } as const;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The message as a request; null when it is a notification or a response. */
export function asRequest(message: Message): RequestMessage | null {
  const { id, method, params } = message;
  if ((typeof id !== 'string' && typeof id !== 'number') || typeof method !== 'string') return null;
  return { id, method, params: isObject(params) ? params : {}, message };
}

/** The revision that a message names for itself, as all do since 2026-07-28; null: it belongs to an `initialize`d session. */
export function revisionOf(message: Message): string | null {
  const params = isObject(message['params']) ? message['params'] : {};
  const meta = isObject(params['_meta']) ? params['_meta'] : {};
  const version = meta[VERSION_META];
  return typeof version === 'string' ? version : null;
}

/** The headers in which revision 2026-07-28 repeats what a message says of itself. */
export function modernHeaders(message: Message, revision: string): Record<string, string> {
  const method = String(message['method']);
  const params = isObject(message['params']) ? message['params'] : {};
  const name = method === 'resources/read' ? params['uri'] : params['name'];
  return {
    'MCP-Protocol-Version': revision,
    'Mcp-Method': headerValue(method),
    ...(typeof name === 'string' && { 'Mcp-Name': headerValue(name) }),
  };
}

/** Headers hold printable ASCII; anything else goes in the form that the revision prescribes. */
function headerValue(text: string): string {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.startsWith('=?base64?');
  return plain ? text : `=?base64?${Buffer.from(text, 'utf-8').toString('base64')}?=`;
}

export function resultMessage(id: MessageId, result: object): Message {
  return { jsonrpc: '2.0', id, result };
}

export function errorMessage(id: MessageId | null, code: number, message: string, data?: object): Message {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } };
}
