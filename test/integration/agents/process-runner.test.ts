import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProcessLauncher } from '../../../main/agents/process-launcher.ts';
import { ProcessRegistry } from '../../../main/agents/process-registry.ts';
import { isProcessAlive } from '../../../main/store/process-identity.ts';
import { runnerContract } from '../../support/agents/runner-contract.ts';
import { makeRunnerRig, SCRIPTED_AGENT, type RunnerRig } from '../../support/agents/runner-rig.ts';

function makeRig(options: { readonly command?: readonly string[]; readonly runLogs?: string } = {}): RunnerRig {
  return makeRunnerRig({
    ...(options.runLogs === undefined ? {} : { runLogs: options.runLogs }),
    launcher: (paths) =>
      new ProcessLauncher({
        command: options.command ?? ['sh', SCRIPTED_AGENT],
        roots: paths,
        registry: new ProcessRegistry(join(paths.root, 'data', 'processes')),
        env: { ...process.env, ANTHROPIC_API_KEY: 'of the shell that started us' },
      }),
  });
}

describe.skipIf(process.platform === 'win32')('the process runner', () => {
  runnerContract({
    makeRig,
    isThere: ({ pid }) => isProcessAlive(pid!),
    isChildAlive: (pid) => isRunning(pid),
  });

  it('says in its log that it isolates nothing', async () => {
    const rig = makeRig();
    const run = rig.start('answer');
    expect(await run.log()).toContain('Not isolated');
    await rig.close();
  });

  it('a program that is not there is named, with the setting to look at', async () => {
    const rig = makeRig({ command: ['/no/such/agent'] });
    expect(await rig.start('answer').live.ended).toMatchObject({
      status: 'failed',
      cause: 'not_started',
      error: 'The program /no/such/agent cannot be started (ENOENT). Look at [agents] process_command.',
    });
    await rig.close();
  });

  it('an agent that ends without reading a long input is judged by its exit code', async () => {
    const rig = makeRig({ command: ['sh', '-c', 'exit 7'] });
    expect(await rig.start(`answer ${'x'.repeat(1 << 20)}`).live.ended).toMatchObject({ status: 'failed', cause: 'exit_code', exitCode: 7 });
    await rig.close();
  });

  it('OPS-02: what outlived a crash is found by the registry and killed, and a stranger with its number is not', async () => {
    const rig = makeRig();
    const registry = new ProcessRegistry(join(rig.paths.root, 'data', 'processes'));
    const run = rig.start('stubborn');
    await expect.poll(() => run.results()).toEqual(['ready']);
    const pid = run.places[0]!.pid!;
    registry.add('stranger', process.pid);
    const file = join(rig.paths.root, 'data', 'processes', 'stranger.json');
    const stranger = JSON.parse(readFileSync(file, 'utf-8')) as { identity: string };
    expect(stranger.identity).not.toBe('');
    writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'of an earlier boot' }));

    expect(registry.sweep()).toEqual(['00000000-0000-7000-8000-000000000001']);
    await expect.poll(() => isRunning(pid)).toBe(false);
    expect(existsSync(file)).toBe(false);
    expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'exit_code' });
    await rig.close();
  });
});

/** A process that ended but was not waited for by its parent is not running. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf-8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return process.platform === 'linux' ? false : isProcessAlive(pid);
  }
}
