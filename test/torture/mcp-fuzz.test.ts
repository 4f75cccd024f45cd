import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog, type Log } from '../../main/base/log.ts';
import { TOOLS } from '../../main/server/mcp/tools.ts';
import { connectV2, ask } from '../support/mcp-clients.ts';
import { modernRequest, send, type RawAnswer } from '../support/mcp-raw.ts';
import { SHARED_KEY, startMcpServer, tokenOf, type McpServerUnderTest } from '../support/mcp-server.ts';

/** DESIGN §18: 10 000 malformed inputs per surface, no crash, no hang, every answer a clear error. */
const INPUTS = 10_000;
const SEED = 20_261_120;
const AT_ONCE = 16;

let server: McpServerUnderTest;
const faults: unknown[] = [];
beforeAll(async () => {
  const log: Log = { ...silentLog(), error: (...line: unknown[]) => void faults.push(line), child: () => log };
  server = await startMcpServer({ log, maxBodyBytes: 256 * 1024 });
});
afterAll(async () => server.close());

interface Input {
  readonly token: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Why the answer is not a clear one; null when it is. An input may turn out to be valid, and then it is answered. */
function unclear({ status, body }: RawAnswer): string | null {
  if (status === 202) return null;
  if (status >= 500) return `status ${status}`;
  const answers = Array.isArray(body) ? body : [body];
  for (const answer of answers as { readonly error?: { readonly code?: unknown; readonly message?: unknown }; readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text?: string }[] } }[]) {
    if (typeof answer !== 'object' || answer === null) return `no JSON: ${JSON.stringify(body).slice(0, 200)}`;
    const { error, result } = answer;
    if (error !== undefined) {
      if (typeof error.code !== 'number' || typeof error.message !== 'string' || error.message.length < 5) return `an error without words: ${JSON.stringify(error)}`;
      if (error.code === -32_603) return `an internal error: ${JSON.stringify(error)}`;
    } else if (result === undefined) {
      return `neither result nor error: ${JSON.stringify(answer).slice(0, 200)}`;
    } else if (result.isError === true) {
      const text = result.content?.[0]?.text ?? '';
      if (!/^[A-Z_]+: .{10,}/s.test(text) || text.startsWith('INTERNAL')) return `an unclear refusal: ${text.slice(0, 200)}`;
      if (text.length > 20_000) return `a refusal of ${text.length} characters`;
    }
  }
  return null;
}

/** Sends them all, sixteen at a time, and says what was wrong with which. */
async function sendAll(inputs: readonly Input[]): Promise<string[]> {
  const wrong: string[] = [];
  const queue = inputs.entries();
  const work = async (): Promise<void> => {
    for (const [index, { token, headers, body }] of queue) {
      const problem = unclear(await send(server.url, token, { headers, body }));
      if (problem !== null) wrong.push(`#${index} ${problem} for ${JSON.stringify(headers)} ${body.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return wrong.slice(0, 5);
}

const sample = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, { seed: SEED, numRuns: INPUTS });
const tokens = fc.constantFrom(SHARED_KEY, tokenOf('BE'), tokenOf('Producer'));
const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };

/** Values that break parsers: of every kind, nested, enormous, with names that objects have by themselves. */
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(-1, 0, 1.5, 1e308, Number.MAX_SAFE_INTEGER, -0, '', ' ', '\u0000', '\ud800', '🦄'.repeat(50), 'x'.repeat(3000), "'; DROP TABLE messages; --", '../../etc/passwd', '%00', null, true, []),
  fc.constantFrom<unknown>({ __proto__: null, constructor: { prototype: {} } }, { toString: 1 }, { then: 1 }, Array.from({ length: 60 }, (_, n) => n)),
);

describe.each([
  [
    'a body',
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json({ maxDepth: 4 }),
      fc.nat(400).map((length) => modernRequest('tools/call', { name: 'whoami', arguments: {} }).body.slice(0, length)),
      fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth)),
      fc.integer({ min: 1, max: 5000 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
    ).map((body): Input => ({ token: SHARED_KEY, headers: HEADERS, body })),
  ],
  [
    'a JSON-RPC message',
    fc
      .record({
        token: tokens,
        modern: fc.boolean(),
        batch: fc.boolean(),
        message: fc.record(
          {
            jsonrpc: fc.oneof({ weight: 5, arbitrary: fc.constant('2.0') }, nasty),
            id: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, nasty),
            method: fc.oneof(
              { weight: 5, arbitrary: fc.constantFrom('tools/list', 'tools/call', 'resources/read', 'resources/list', 'server/discover', 'ping', 'resources/subscribe', 'notifications/cancelled', 'completion/complete', 'prompts/list', 'logging/setLevel') },
              nasty,
            ),
            params: fc.oneof(nasty, fc.dictionary(fc.constantFrom('name', 'uri', 'arguments', '_meta', 'cursor', 'level', 'requestState', 'inputResponses'), nasty)),
          },
          { requiredKeys: [] },
        ),
      })
      .map(({ token, modern, batch, message }): Input => {
        const { method } = message;
        const headers = modern ? { ...HEADERS, 'MCP-Protocol-Version': '2026-07-28', ...(typeof method === 'string' && /^[\w/]+$/.test(method) && { 'Mcp-Method': method }) } : HEADERS;
        return { token, headers, body: JSON.stringify(batch ? [message, message] : message) };
      }),
  ],
  [
    'the arguments of a tool',
    fc
      .record({
        token: tokens,
        tool: fc.constantFrom(...TOOLS),
        broken: fc.dictionary(fc.oneof(fc.constantFrom('role', 'from_role', 'created_by', 'to_role', 'body', 'task_id', 'resource', 'after_id', 'limit', 'status', 'depends_on', '__proto__', 'idempotency_key'), fc.string({ maxLength: 20 })), nasty, { maxKeys: 6 }),
        whole: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, nasty),
      })
      .map(({ token, tool, broken, whole }): Input => {
        // A wait would only make the test slow; that it ends is tested elsewhere.
        const args = whole ?? Object.fromEntries(Object.keys(tool.input.shape).filter((name) => name !== 'wait_sec' && name in broken).map((name) => [name, broken[name]]));
        const valid = { role: 'BE', from_role: 'BE', created_by: 'BE' }[tool.roleArgument];
        const given = typeof args === 'object' && args !== null && !Array.isArray(args) ? { [tool.roleArgument]: valid, ...args, ...broken } : args;
        return { token, ...modernRequest('tools/call', { name: tool.name, arguments: given }) };
      }),
  ],
  [
    'the address of a resource',
    fc
      .record({ token: tokens, uri: fc.oneof(fc.webUrl(), fc.string({ maxLength: 60 }), fc.string({ maxLength: 30 }).map((text) => `bus://inbox/${text}`), fc.constantFrom('bus://', 'bus://inbox/', 'bus://inbox/%', 'bus://inbox/%ff', 'bus://log/../tasks', 'BUS://LOG', 'bus://log?x=1')) })
      .map(({ token, uri }): Input => ({ token, ...modernRequest('resources/read', { uri }, { 'Mcp-Name': `=?base64?${Buffer.from(uri).toString('base64')}?=` }) })),
  ],
  [
    'the headers',
    fc
      .record({
        token: tokens,
        headers: fc.dictionary(
          fc.constantFrom('Content-Type', 'Accept', 'MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name', 'Mcp-Session-Id', 'Last-Event-ID', 'Mcp-Param-Role'),
          fc.oneof(fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), fc.constantFrom('2026-07-28', '2025-06-18', '1999-01-01', 'tools/list', '=?base64?!!?=', 'application/json', 'text/plain')).map((value) => value.trim()),
        ),
      })
      .map(({ token, headers }): Input => {
        const { body, headers: valid } = modernRequest('tools/list');
        return { token, headers: { ...valid, ...headers }, body };
      }),
  ],
])('%s', (_surface, arbitrary) => {
  test(`${INPUTS} broken ones are each answered clearly`, { timeout: 120_000 }, async () => {
    expect(await sendAll(sample<Input>(arbitrary))).toEqual([]);
    expect(faults).toEqual([]);
    const client = await connectV2(server.url, tokenOf('BE'), 'modern');
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'BE' });
    await client.close();
  });
});
