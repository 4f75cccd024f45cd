import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import Docker from 'dockerode';
import { GROUP_LABEL } from '../../main/agents/container-spec.ts';
import type { PrivatePodman } from '../support/setup/podman.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { startCoreProcess } from './core-process.ts';

/**
 * How long a container outlives the restart after a kill -9 in the middle of its run, in milliseconds: from the start of the
 * new core's process until the engine knows the container no more.
 */
export async function orphanTimes(podman: PrivatePodman, samples: number): Promise<readonly number[]> {
  const docker = new Docker({ socketPath: podman.socketPath, host: undefined });
  const ids = async (): Promise<readonly string[]> => (await docker.listContainers({ all: true, filters: { label: [GROUP_LABEL] } })).map(({ Id }) => Id);
  const dir = makeTempDir('wheelhouse-bench-');
  const start = async () => startCoreProcess({ dataDir: dir.path, env: { DOCKER_HOST: `unix://${podman.socketPath}`, WAIAAS_AGENTS_IMAGE: podman.image, WAIAAS_AGENTS_NETWORK: 'none' } });
  const times: number[] = [];
  let core = await start();
  try {
    await core.cli('group', 'add', 'console:home', '--name', 'Home', '--every-message');
    for (let sample = 0; sample < samples; sample += 1) {
      await core.cli('chat', 'console:home', 'do:stubborn', '--wait', '0');
      while (!(await core.cli('run', 'list')).includes('"state":"running"')) await wait(20);
      const orphans = await ids();
      if (orphans.length !== 1) throw new Error(`there are ${orphans.length} containers of one run`);
      const killed = once(core.child, 'exit');
      core.child.kill('SIGKILL');
      await killed;
      const restarted = performance.now();
      const starting = start();
      while ((await ids()).includes(orphans[0]!)) await wait(5);
      times.push(performance.now() - restarted);
      core = await starting;
    }
  } finally {
    await core.stop();
    dir.remove();
  }
  return times;
}
