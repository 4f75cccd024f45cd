import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const INFO = { name: 'wheelhouse-test', version: '0.0.0' };

function withToken(token: string): { readonly requestInit: RequestInit } {
  return { requestInit: { headers: { Authorization: `Bearer ${token}` } } };
}

/** The official client of SDK 2, on revision 2026-07-28 or with the older handshake. */
export async function connectV2(url: string, token: string, era: 'modern' | 'legacy'): Promise<Client> {
  const client = new Client(INFO, { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), withToken(token)));
  return client;
}

/** The official client of SDK 1, which ends at revision 2025-11-25. */
export async function connectV1(url: string, token: string): Promise<ClientV1> {
  const client = new ClientV1(INFO);
  await client.connect(new TransportV1(new URL(url), withToken(token)));
  return client;
}

interface ToolResult {
  readonly content?: unknown;
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
  readonly _meta?: Record<string, unknown> | undefined;
}

interface ToolCaller {
  callTool(params: { readonly name: string; readonly arguments: Record<string, unknown> }): Promise<unknown>;
}

/** The structured answer of a tool. Throws when the call was refused as an error, or when text and structure differ. */
export async function ask(client: ToolCaller, name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const result = (await client.callTool({ name, arguments: args })) as ToolResult;
  const [first] = result.content as readonly { readonly text: string }[];
  if (result.isError === true) throw new Error(first!.text);
  if (JSON.stringify(result.structuredContent) !== first!.text) throw new Error('the text is not the structured answer');
  return result.structuredContent as Record<string, unknown>;
}

/** The error of a tool call that must fail: its text, and what programs read. */
export async function refusal(client: ToolCaller, name: string, args: Record<string, unknown> = {}): Promise<{ readonly code: string; readonly text: string }> {
  const result = (await client.callTool({ name, arguments: args })) as ToolResult;
  if (result.isError !== true) throw new Error(`${name} was not refused: ${JSON.stringify(result.structuredContent)}`);
  const [first] = result.content as readonly { readonly text: string }[];
  const { _meta: meta } = result;
  const { code } = meta!['dev.wheelhouse/error'] as { readonly code: string };
  return { code, text: first!.text };
}
