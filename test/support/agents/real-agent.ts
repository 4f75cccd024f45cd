import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ProcessLauncher } from '../../../main/agents/process-launcher.ts';
import { ProcessRegistry } from '../../../main/agents/process-registry.ts';
import type { LiveRun } from '../../../main/agents/ports.ts';
import { RunLogs } from '../../../main/agents/run-log.ts';
import { Runner } from '../../../main/agents/runner.ts';
import type { Group, RunInput, RunOutput } from '../../../main/agents/types.ts';
import type { WorkspaceRoots } from '../../../main/agents/workspace.ts';
import { systemClock } from '../../../main/base/clock.ts';
import { AGENT_FOLDER } from '../setup/parts.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
export const PLANTED_KEY = 'sk-ant-planted-0123456789-abc';

/** A run of the real agent, with what it put out so far. */
export interface RealRun {
  readonly live: LiveRun;
  readonly outputs: readonly RunOutput[];
  readonly stderr: () => string;
}

/**
 * What the image runs, as a process of this machine: the compiled runner with the Claude Agent SDK of its lock file, and
 * Claude Code itself, talking to the API at `apiUrl`.
 */
export async function makeRealAgent(dir: string, mailbox: string, apiUrl: string) {
  const { buildRunner } = (await import(join(ROOT, 'resources/scripts/agent-image.mjs'))) as { buildRunner: (root: string, folder: string) => Promise<void> };
  const app = join(dir, 'app');
  mkdirSync(app);
  await buildRunner(ROOT, app);
  symlinkSync(join(AGENT_FOLDER, 'node_modules'), join(app, 'node_modules'), 'junction');
  const roots: WorkspaceRoots = { groups: join(dir, 'groups'), mailbox, agentHomes: join(dir, 'homes') };
  // The image has these in its own environment. Claude Code refuses to act unasked as root unless it is told of a sandbox.
  const env = { ANTHROPIC_BASE_URL: apiUrl, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_TELEMETRY: '1', DISABLE_AUTOUPDATER: '1', IS_SANDBOX: '1' };
  const runner = new Runner({
    launcher: new ProcessLauncher({
      command: ['/usr/bin/env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), process.execPath, join(app, 'runner.mjs')],
      roots,
      registry: new ProcessRegistry(join(dir, 'processes')),
      env: { ...process.env, HOME: dir },
    }),
    roots,
    credentials: { allowed: ['ANTHROPIC_API_KEY'], secrets: { get: () => PLANTED_KEY } },
    logs: new RunLogs({ dir: join(dir, 'run-logs'), kept: 20, maxStreamBytes: 1 << 20, clock: systemClock }),
    limits: { runTimeoutMs: 120_000, idleTimeoutMs: 120_000, stopTimeoutMs: 5000, maxOutputLength: 1 << 20 },
    clock: systemClock,
  });
  let count = 0;
  return {
    roots,
    runner,
    start(group: Group, input: Pick<RunInput, 'prompt' | 'sessionId' | 'isScheduledTask'>): RealRun {
      const outputs: RunOutput[] = [];
      let stderr = '';
      count += 1;
      const live = runner.start(
        { runId: `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`, group, input: { groupFolder: group.folder, chatJid: group.jid, isMain: group.isMain, assistantName: 'Andy', ...input } },
        {
          started: () => undefined,
          output: (output) => void outputs.push(output),
          printed: (stream, text) => void (stream === 'stderr' && (stderr += text)),
        },
      );
      return { live, outputs, stderr: () => stderr };
    },
  };
}
