import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CLI, CLI_ENV } from './cli-process.ts';

/** Without an address it looks for a core at the port of the settings, where the person's own may be running: nobody listens at this one. */
export const BRIDGE_ENV = { ...CLI_ENV, WAIAAS_SERVER_PORT: '1027' };

const INFO = { name: 'claude-desktop-test', version: '0.0.0' };

/** How a client starts the bridge. */
export interface BridgeStart {
  readonly dataDir: string;
  readonly url?: string;
  readonly agent?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program and its first arguments; the command under test when not given. */
  readonly program?: readonly string[];
}

/** A client with the bridge as its child, as Claude Desktop has it. */
export interface BridgedClient {
  readonly client: Client | ClientV1;
  readonly pid: number;
  /** What the bridge has said to people so far. */
  readonly stderr: () => string;
}

export const ERAS = ['SDK 1', 'SDK 2, older handshake', 'SDK 2 on 2026-07-28'] as const;
export type Era = (typeof ERAS)[number];

/** Starts the bridge under an official client. `close` of the client ends both. */
export async function connectBridge(era: Era, start: BridgeStart): Promise<BridgedClient> {
  const { dataDir, url, agent, env, program = [process.execPath, CLI] } = start;
  const [command, ...first] = program as readonly [string, ...string[]];
  const options = {
    command,
    args: [...first, 'mcp', 'bridge', ...(agent === undefined ? [] : ['--agent', agent]), ...(url === undefined ? [] : ['--url', url])],
    env: { ...BRIDGE_ENV, WAIAAS_DATA_DIR: dataDir, ...env },
    stderr: 'pipe' as const,
  };
  const transport = era === 'SDK 1' ? new TransportV1(options) : new StdioClientTransport(options);
  let stderr = '';
  transport.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf-8')));
  let client: Client | ClientV1;
  if (transport instanceof TransportV1) await (client = new ClientV1(INFO)).connect(transport);
  else await (client = new Client(INFO, { versionNegotiation: { mode: era === 'SDK 2 on 2026-07-28' ? { pin: '2026-07-28' } : 'legacy' } })).connect(transport);
  return { client, pid: transport.pid!, stderr: () => stderr };
}
