/** Error codes of JSON-RPC 2.0, and -32000 for what the HTTP layer of MCP refuses. */
export const RPC = {
  parseError: -32_700,
  invalidParams: -32_602,
  refused: -32_000,
  sessionNotFound: -32_001,
} as const;

export interface RpcFailure {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  /** The `code` of the error table, for programs. */
  readonly reason?: string | undefined;
}

/** A JSON-RPC error as an HTTP response; `id` is that of the request when it could be read. */
export function rpcError(failure: RpcFailure, id: string | number | null = null): Response {
  const { status, code, message, reason } = failure;
  const error = { code, message, ...(reason !== undefined && { data: { code: reason } }) };
  return Response.json({ jsonrpc: '2.0', error, id }, { status });
}

/** What is known of a JSON-RPC message before anybody validated it. */
export interface LooseMessage {
  readonly method: string | null;
  readonly id: string | number | null;
  readonly params: Readonly<Record<string, unknown>>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads method, id and params of a single message; a batch or anything else has neither. */
export function looseMessage(body: unknown): LooseMessage {
  if (!isObject(body)) return { method: null, id: null, params: {} };
  const { method, id, params } = body;
  return {
    method: typeof method === 'string' ? method : null,
    id: typeof id === 'string' || typeof id === 'number' ? id : null,
    params: isObject(params) ? params : {},
  };
}
