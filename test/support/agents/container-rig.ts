import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../main/base/clock.ts';
import { systemClock } from '../../../main/base/clock.ts';
import { ContainerLauncher } from '../../../main/agents/container-launcher.ts';
import { installId, type ContainerLimits } from '../../../main/agents/container-spec.ts';
import { Egress } from '../../../main/agents/egress.ts';
import { Engine } from '../../../main/agents/engine.ts';
import { Mounts } from '../../../main/agents/mounts.ts';
import { Orphans } from '../../../main/agents/orphans.ts';
import { startPodman, type PrivatePodman } from '../setup/podman.ts';
import { makeRunnerRig, SCRIPTED_AGENT, type RunnerRig } from './runner-rig.ts';

/** A private Podman whose image runs `scripted-agent.sh`. */
export async function startPodmanWithAgent(): Promise<PrivatePodman> {
  return startPodman({ prepare: (rootfs) => cpSync(SCRIPTED_AGENT, join(rootfs, 'agent.sh')), cmd: ['/bin/sh', '/agent.sh'] });
}

export const LIMITS: ContainerLimits = { memoryMb: 128, cpus: 1, pids: 64, network: 'none' };

export interface ContainerRigOptions {
  readonly runLogs?: string;
  readonly image?: string;
  readonly limits?: Partial<ContainerLimits>;
  readonly restrictedHosts?: readonly string[];
  readonly home?: string;
  readonly install?: string;
  readonly clock?: Clock;
}

export interface ContainerRig extends RunnerRig {
  readonly engine: Engine;
  readonly orphans: Orphans;
  readonly installId: string;
  /** Names of containers that a sweep removed. */
  readonly removed: string[];
  /** Destinations that the restricted network refused. */
  readonly refused: string[];
}

export function makeContainerRig(podman: PrivatePodman, options: ContainerRigOptions = {}): ContainerRig {
  const engine = new Engine({ platform: process.platform, home: '/nowhere', env: {}, engineHost: `unix://${podman.socketPath}` });
  const removed: string[] = [];
  const refused: string[] = [];
  let orphans: Orphans | null = null;
  let install = '';
  const rig = makeRunnerRig({
    ...(options.runLogs === undefined ? {} : { runLogs: options.runLogs }),
    launcher: (roots, paths) => {
      install = installId(options.install ?? 'test', paths.root);
      orphans = new Orphans({ engine, installId: install, clock: options.clock ?? systemClock, removed: (names) => removed.push(...names), failed: () => undefined });
      const home = options.home ?? paths.root;
      return new ContainerLauncher({
        engine,
        orphans,
        mounts: new Mounts({ home, allowlistFile: join(home, 'allowlist.json'), guarded: [paths.root], platform: process.platform }),
        egress: new Egress({ allowed: options.restrictedHosts ?? [], refused: (destination) => refused.push(destination) }),
        roots,
        installId: install,
        image: options.image ?? podman.image,
        limits: { ...LIMITS, ...options.limits },
        timeZone: 'Asia/Seoul',
        host: process.getuid === undefined ? null : { uid: process.getuid(), gid: process.getgid!() },
      });
    },
  });
  return Object.assign(rig, { engine, orphans: orphans!, installId: install, removed, refused });
}
