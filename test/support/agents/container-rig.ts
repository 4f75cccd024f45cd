import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../../main/base/clock.ts';
import { ContainerLauncher } from '../../../main/agents/container-launcher.ts';
import { installId, type ContainerLimits } from '../../../main/agents/container-spec.ts';
import { Egress } from '../../../main/agents/egress.ts';
import { Engine } from '../../../main/agents/engine.ts';
import { Mounts } from '../../../main/agents/mounts.ts';
import { Orphans } from '../../../main/agents/orphans.ts';
import type { DataPaths } from '../../../main/config/data-dir.ts';
import { startPodman, type PrivatePodman } from '../setup/podman.ts';
import { makeRunnerRig, SCRIPTED_AGENT, type RunnerRig } from './runner-rig.ts';

/** A private Podman whose image runs `scripted-agent.sh`. */
export async function startPodmanWithAgent(): Promise<PrivatePodman> {
  return startPodman({
    prepare(rootfs) {
      cpSync(SCRIPTED_AGENT, join(rootfs, 'agent.sh'));
      // Anybody could write here, were the image not read only.
      mkdirSync(join(rootfs, 'open'));
      chmodSync(join(rootfs, 'open'), 0o777);
    },
    cmd: ['/bin/sh', '/agent.sh'],
  });
}

export const LIMITS: ContainerLimits = { memoryMb: 128, cpus: 1, pids: 64, network: 'none' };

export interface ContainerRigOptions {
  readonly runLogs?: string;
  readonly image?: string;
  readonly limits?: Partial<ContainerLimits>;
  readonly restrictedHosts?: readonly string[];
  /** Where `allowlist.json` lies; the data directory when not given. */
  readonly home?: string;
  /** Where the data directory is made, instead of the usual place. */
  readonly dir?: string;
  /** What orphans are retried by. */
  readonly clock?: Clock;
}

export interface ContainerParts {
  readonly launcher: ContainerLauncher;
  readonly engine: Engine;
  readonly orphans: Orphans;
  readonly installId: string;
  /** Names of containers that a sweep removed. */
  readonly removed: string[];
  /** Destinations that the restricted network refused. */
  readonly refused: string[];
}

/** The container launcher of a data directory, on the engine at a socket. */
export function makeContainerLauncher(at: { readonly socketPath: string; readonly image: string }, paths: DataPaths, options: ContainerRigOptions): ContainerParts {
  const engine = new Engine({ platform: process.platform, home: '/nowhere', env: {}, engineHost: `unix://${at.socketPath}` });
  const install = installId('test', paths.root);
  const removed: string[] = [];
  const refused: string[] = [];
  const orphans = new Orphans({ engine, installId: install, clock: options.clock ?? systemClock, removed: (names) => removed.push(...names), failed: () => undefined });
  const home = options.home ?? paths.root;
  const launcher = new ContainerLauncher({
    engine,
    orphans,
    mounts: new Mounts({ home, allowlistFile: join(home, 'allowlist.json'), guarded: [paths.root], platform: process.platform }),
    egress: new Egress({ installId: install, allowed: options.restrictedHosts ?? [], refused: (destination) => refused.push(destination) }),
    roots: paths,
    installId: install,
    image: options.image ?? at.image,
    limits: { ...LIMITS, ...options.limits },
    timeZone: 'Asia/Seoul',
    clock: options.clock ?? systemClock,
    host: process.getuid === undefined ? null : { uid: process.getuid(), gid: process.getgid!() },
  });
  return { launcher, engine, orphans, installId: install, removed, refused };
}

export type ContainerRig = RunnerRig & Omit<ContainerParts, 'launcher'>;

export function makeContainerRig(podman: PrivatePodman, options: ContainerRigOptions = {}): ContainerRig {
  let parts: ContainerParts | null = null;
  const rig = makeRunnerRig({
    ...(options.runLogs === undefined ? {} : { runLogs: options.runLogs }),
    ...(options.dir === undefined ? {} : { dir: options.dir }),
    launcher: (paths) => {
      parts = makeContainerLauncher(podman, paths, options);
      return parts.launcher;
    },
  });
  return Object.assign(rig, parts!);
}
