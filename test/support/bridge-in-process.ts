import { PassThrough } from 'node:stream';
import { Client, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/client';
import { runBridge } from '../../main/cli/mcp-bridge/run-bridge.ts';
import type { Clock } from '../../main/base/clock.ts';

/** A client on a bridge of this process, whose time can be moved. */
export interface InProcessBridge {
  readonly client: Client;
  readonly stderr: () => string;
  /** Ends standard input and resolves when the bridge has ended. */
  close(): Promise<void>;
}

export async function bridgeInProcess(options: {
  readonly clock: Clock;
  readonly baseUrl: () => string;
  readonly tokenFile: string;
  readonly fetch?: typeof fetch;
}): Promise<InProcessBridge> {
  const stdin = new PassThrough();
  let stderr = '';
  const transport: Transport = {
    async start() {
      // The streams are there already.
    },
    async send(message) {
      stdin.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      stdin.end();
    },
  };
  const ended = runBridge({
    stdin,
    out: (line) => transport.onmessage?.(JSON.parse(line) as JSONRPCMessage),
    err: (text) => void (stderr += text),
    onStop: () => () => undefined,
    clock: options.clock,
    fetch: options.fetch ?? fetch,
    baseUrl: options.baseUrl,
    tokenFile: options.tokenFile,
    envToken: undefined,
    version: '0.0.0-test',
    bundledTools: async () => [],
    tokenCommand: 'make-a-token',
  });
  const client = new Client({ name: 'bridge-test', version: '0' }, { versionNegotiation: { mode: 'legacy' } });
  await client.connect(transport);
  return {
    client,
    stderr: () => stderr,
    async close() {
      await client.close();
      await ended;
    },
  };
}
