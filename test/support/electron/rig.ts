import { openCore, type Core } from '../../../main/cli/core.ts';
import { ask, connectV2 } from '../mcp-clients.ts';
import { makeTempDir } from '../temp-dir.ts';
import type { DesktopApp, DesktopDriver, LaunchOptions } from './drivers/driver.ts';
import { poll } from './drivers/poll.ts';

/** A desktop application on data of its own, and the agents that work with it. */
export interface DesktopRig {
  readonly app: DesktopApp;
  readonly dataDir: string;
  /** The running core, as the command line reaches it; waits until it is there. */
  readonly core: () => Promise<Core>;
  /** An agent with a session: a real MCP client over HTTP. */
  readonly agent: (name: string, role: string) => Promise<Agent>;
  dispose(): Promise<void>;
}

export interface Agent {
  /** Calls a tool of the bus; gives its structured answer. */
  use(tool: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export async function startDesktop(driver: DesktopDriver, options: Omit<LaunchOptions, 'dataDir'> & { readonly dataDir?: string } = {}): Promise<DesktopRig> {
  const temp = makeTempDir('wheelhouse-desktop-');
  const dataDir = options.dataDir ?? `${temp.path}/data`;
  const app = await driver.launch({ ...options, dataDir });
  const leaving: (() => Promise<void>)[] = [];
  const core = async (): Promise<Core> =>
    poll('the core', async () => openCore({ dataDir, mode: 'running', env: {}, warn: () => undefined }).catch(() => null));
  return {
    app,
    dataDir,
    core,
    agent: async (name, role) => {
      const running = await core();
      const { info } = await running.call('status.get', {});
      await running.call('agents.add', { name, role });
      const { token } = await running.call('sessions.create', { agent: name });
      const client = await connectV2(info.mcpUrl, token, 'modern');
      leaving.push(async () => client.close());
      return { use: async (tool, args) => ask(client, tool, args) };
    },
    async dispose() {
      for (const leave of leaving) await leave();
      await app.dispose();
      temp.remove();
    },
  };
}
