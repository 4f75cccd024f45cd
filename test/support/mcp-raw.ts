/** One JSON-RPC request as bytes on the wire, for what no client would send. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, the first message of an event stream, or the text. */
  readonly body: unknown;
}

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A request of revision 2026-07-28 with its headers; `overrides` replaces headers, null removes one. */
export function modernRequest(method: string, params: Record<string, unknown> = {}, overrides: Record<string, string | null> = {}): { readonly headers: Record<string, string>; readonly body: string } {
  const name = typeof params['name'] === 'string' ? params['name'] : typeof params['uri'] === 'string' ? params['uri'] : undefined;
  const headers: Record<string, string | null> = {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': '2026-07-28',
    'Mcp-Method': method,
    ...(name !== undefined && { 'Mcp-Name': name }),
    ...overrides,
  };
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  return { headers: Object.fromEntries(kept), body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: ENVELOPE } }) };
}

/** Sends the bytes and reads the whole answer. */
export async function send(url: string, token: string, request: { readonly method?: string; readonly headers: Record<string, string>; readonly body?: string | ReadableStream<Uint8Array> }): Promise<RawAnswer> {
  const { method = 'POST', headers, body } = request;
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...headers },
    ...(body !== undefined && { body, ...(body instanceof ReadableStream && { duplex: 'half' }) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  const data = /^data: (.+)$/m.exec(text)?.[1] ?? text;
  try {
    return JSON.parse(data);
  } catch {
    return text;
  }
}
