import Docker from 'dockerode';
import { performance } from 'node:perf_hooks';
import { containerSpec, containerUser } from '../../main/agents/container-spec.ts';
import { prepareWorkspace, workspaceOf } from '../../main/agents/workspace.ts';
import { LIMITS, makeContainerRig, startPodmanWithAgent, type ContainerRig } from '../support/agents/container-rig.ts';
import { missingPart } from '../support/setup/parts.ts';
import { orphanTimes } from './orphans.ts';
import { median, percentile } from './statistics.ts';

export interface ContainerFigures {
  readonly samples: number;
  /** Dockerode alone: create and start the same container. */
  readonly rawMs: number;
  /** A run that was asked for until its container runs and stands in its log: mounts, folders, create, attach, start. */
  readonly startMs: number;
  /** Ours against the raw one, each pair measured one after the other. */
  readonly ratio: number;
  /** From an abort until nothing of the run is left, its container removed and its log closed. */
  readonly abortP99Ms: number;
  /** From a follow-up until the answer of a live agent, which looks every 20 ms, is heard. */
  readonly followUpP99Ms: number;
  /** From the restart after a kill -9 in the middle of a run until its container is gone, each time. */
  readonly orphansMs: readonly number[];
}

/** Starts containers on a private Podman; null where there is none. */
export async function benchContainers(samples: number): Promise<ContainerFigures | null> {
  if (missingPart('containers') !== null) return null;
  const podman = await startPodmanWithAgent();
  const rig = makeContainerRig(podman);
  try {
    const docker = new Docker({ socketPath: podman.socketPath, host: undefined });
    // The first of each loads what later ones find loaded.
    await rawStart(docker, rig, podman.image, 'warm-up');
    await rig.start('answer').live.ended;
    const raw: number[] = [];
    const ours: number[] = [];
    const aborts: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      const rawFirst = sample % 2 === 0;
      if (rawFirst) raw.push(await rawStart(docker, rig, podman.image, String(sample)));
      const { startMs, abortMs } = await ourStart(rig);
      ours.push(startMs);
      aborts.push(abortMs);
      if (!rawFirst) raw.push(await rawStart(docker, rig, podman.image, String(sample)));
    }
    const followUps = await followUpTimes(rig, samples * 5);
    return {
      samples,
      rawMs: median(raw),
      startMs: median(ours),
      // Pair by pair: other work on the machine then weighs on both.
      ratio: median(ours.map((took, sample) => took / raw[sample]!)),
      abortP99Ms: percentile(aborts, 0.99),
      followUpP99Ms: percentile(followUps, 0.99),
      orphansMs: await orphanTimes(podman, Math.ceil(samples / 3)),
    };
  } finally {
    await rig.close();
    await podman.stop();
  }
}

/** The same container as ours, by the library alone. */
async function rawStart(docker: Docker, rig: ContainerRig, image: string, name: string): Promise<number> {
  const workspace = workspaceOf(rig.paths, 'raw');
  const user = containerUser({ name: 'Podman', rootless: false, inVm: false }, { uid: process.getuid!(), gid: process.getgid!() });
  prepareWorkspace(workspace, user.owner);
  const spec = containerSpec({ runId: `raw-${name}`, installId: 'bench', group: rig.group({ folder: 'raw' }), image, engine: 'Podman', workspace, verdicts: [], limits: LIMITS, user, timeZone: 'UTC', egressDir: null });
  const started = performance.now();
  const container = await docker.createContainer({ ...spec, Cmd: ['sleep', '60'] } as Docker.ContainerCreateOptions);
  await container.start();
  const took = performance.now() - started;
  await container.remove({ force: true });
  return took;
}

async function ourStart(rig: ContainerRig): Promise<{ readonly startMs: number; readonly abortMs: number }> {
  const asked = performance.now();
  const started = Promise.withResolvers<number>();
  const run = rig.start('deaf', { folder: 'ours', onStarted: () => started.resolve(performance.now() - asked) });
  const startMs = await started.promise;
  const aborted = performance.now();
  await run.live.abort('aborted');
  return { startMs, abortMs: performance.now() - aborted };
}

async function followUpTimes(rig: ContainerRig, samples: number): Promise<readonly number[]> {
  let heard: () => void = () => undefined;
  const next = async (): Promise<void> => new Promise((resolve) => (heard = resolve));
  const ready = next();
  const run = rig.start('serve', { folder: 'live', onOutput: () => heard() });
  await ready;
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const answered = next();
    const asked = performance.now();
    await run.live.followUp(`bench-${sample}`, 'again');
    await answered;
    times.push(performance.now() - asked);
  }
  await run.live.requestClose();
  await run.live.ended;
  return times;
}
