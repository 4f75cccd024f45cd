import { createHash } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import type { EngineFacts } from './engine-report.ts';
import type { MountVerdict } from './mounts.ts';
import type { Group, NetworkPolicy } from './types.ts';
import { MAILBOX_FOLDERS, type Workspace } from './workspace.ts';

/** Which data directory a container belongs to: two installations on one engine never touch each other's (OPS-02). */
export const INSTALL_LABEL = 'dev.wheelhouse.install';
export const RUN_LABEL = 'dev.wheelhouse.run';
export const GROUP_LABEL = 'dev.wheelhouse.group';

/** A user and a group by number. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The limits of a container; null: none. */
export interface ContainerLimits {
  readonly memoryMb: number | null;
  readonly cpus: number | null;
  readonly pids: number | null;
  readonly network: NetworkPolicy;
}

export interface ContainerSpecParts {
  readonly runId: string;
  readonly installId: string;
  readonly group: Group;
  readonly image: string;
  readonly engine: EngineFacts['name'];
  readonly workspace: Workspace;
  readonly verdicts: readonly MountVerdict[];
  readonly limits: ContainerLimits;
  readonly user: ContainerUser;
  readonly timeZone: string;
  /** The folder with the socket of the way out; null: there is none. */
  readonly egressDir: string | null;
}

/** Who an agent is inside its container, and who its folders belong to. */
export interface ContainerUser {
  readonly inside: Owner;
  /** Who must own the folders that it writes in; null: they are right as they are. */
  readonly owner: Owner | null;
  /** Maps `inside` to us in the engine of a user. */
  readonly keepId: boolean;
}

/** The user of the image, as in those of Node. */
const NODE: Owner = { uid: 1000, gid: 1000 };
/** Not a folder of the image: engines give a folder in memory the owner and mode of what it covers. */
const HOME = '/home/agent';
const MIB = 1024 * 1024;
/** What an agent may write outside of its folders, and loses at its end. */
const TMPFS: Readonly<Record<string, string>> = { '/tmp': 'rw,nosuid,nodev,size=512m,mode=1777', [HOME]: 'rw,nosuid,nodev,size=256m,mode=1777' };
/** Where the way out of a restricted container lies in it; the runner in the image listens at the port and leads there. */
const EGRESS_DIR = '/run/wheelhouse';
export const EGRESS_SOCKET = 'egress.sock';
const EGRESS_PORT = 3128;

/**
 * Who the agent is inside: never root, and able to write in its folders. `host` is us; null on Windows. Throws
 * ENGINE_UNSUITABLE where the engine cannot have both.
 */
export function containerUser(facts: Pick<EngineFacts, 'name' | 'rootless' | 'inVm'>, host: Owner | null): ContainerUser {
  // The virtual machine makes every file ours, whoever writes it.
  if (host === null || facts.inVm) return { inside: NODE, owner: null, keepId: false };
  if (facts.rootless && facts.name === 'Docker') {
    throw new AppError(
      'ENGINE_UNSUITABLE',
      'Docker in rootless mode lets only root inside a container write your folders, and agents do not run as root. Use Podman, or Docker that runs as a system service.',
      { engine: facts.name },
    );
  }
  if (facts.rootless) return { inside: host, owner: null, keepId: true };
  return host.uid === 0 ? { inside: NODE, owner: NODE, keepId: false } : { inside: host, owner: null, keepId: false };
}

/** The limits of a group: its own, else those of the settings. */
export function containerLimits(group: Group, settings: ContainerLimits): ContainerLimits {
  const { memoryMb, cpus, pids, network } = group.container;
  return { memoryMb: memoryMb ?? settings.memoryMb, cpus: cpus ?? settings.cpus, pids: pids ?? settings.pids, network: network ?? settings.network };
}

/** `wheelhouse-<folder>-<end of the run's id>`: readable in every list of containers. */
export function containerName(folder: string, runId: string): string {
  return `wheelhouse-${folder}-${runId.slice(-12)}`;
}

/** Tells this data directory from every other one: a random id, and where it lies, so that a copy of it is another one. */
export function installId(randomId: string, dataDir: string): string {
  return createHash('sha256').update(`${randomId}\n${dataDir}`).digest('hex').slice(0, 16);
}

/** What an engine takes to make a container: the fields of the Docker API that we use. */
export interface ContainerSpec {
  readonly name: string;
  readonly Image: string;
  readonly User: string;
  readonly WorkingDir: string;
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly OpenStdin: boolean;
  readonly StdinOnce: boolean;
  readonly Tty: boolean;
  readonly HostConfig: {
    readonly Mounts: readonly { readonly Type: 'bind'; readonly Source: string; readonly Target: string; readonly ReadOnly: boolean }[];
    readonly ReadonlyRootfs: boolean;
    readonly Tmpfs: Readonly<Record<string, string>>;
    readonly CapDrop: readonly string[];
    readonly SecurityOpt: readonly string[];
    readonly NetworkMode: string;
    readonly IpcMode: string;
    readonly UsernsMode?: string;
    readonly PidsLimit?: number;
    /** In bytes. */
    readonly Memory?: number;
    readonly MemorySwap?: number;
    readonly NanoCpus?: number;
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
    readonly RestartPolicy: { readonly Name: string };
    readonly AutoRemove: boolean;
  };
}

/** What the engine is asked for (DESIGN §8). Pure; holds no secret: those go to stdin. */
export function containerSpec(parts: ContainerSpecParts): ContainerSpec {
  const { runId, group, workspace, limits, user } = parts;
  const bind = (source: string, target: string, readOnly: boolean) => ({ Type: 'bind' as const, Source: source, Target: target, ReadOnly: readOnly });
  return {
    name: containerName(group.folder, runId),
    Image: parts.image,
    User: `${user.inside.uid}:${user.inside.gid}`,
    WorkingDir: '/workspace/group',
    Env: [`HOME=${HOME}`, `TZ=${parts.timeZone}`, ...(parts.egressDir === null ? [] : egressEnvironment())],
    Labels: { [INSTALL_LABEL]: parts.installId, [RUN_LABEL]: runId, [GROUP_LABEL]: group.folder },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    // Its stdin ends when we have written the input, or are gone.
    StdinOnce: true,
    Tty: false,
    HostConfig: {
      Mounts: [
        bind(workspace.group, '/workspace/group', false),
        bind(workspace.global, '/workspace/global', !group.isMain),
        bind(workspace.home, `${HOME}/.claude`, false),
        // The snapshots in it are ours. Each folder is a mount of its own, so that the agent cannot put a link in its place.
        bind(workspace.mailbox, '/workspace/ipc', true),
        ...MAILBOX_FOLDERS.map((name) => bind(`${workspace.mailbox}/${name}`, `/workspace/ipc/${name}`, false)),
        ...parts.verdicts.flatMap(({ mount }) => (mount === null ? [] : [bind(mount.source, mount.target, mount.readOnly)])),
        ...(parts.egressDir === null ? [] : [bind(parts.egressDir, EGRESS_DIR, true)]),
      ],
      ReadonlyRootfs: true,
      // Podman would copy the folder of the image into it, its owner included, who need not be the agent.
      Tmpfs: Object.fromEntries(Object.entries(TMPFS).map(([path, options]) => [path, parts.engine === 'Podman' ? `${options},notmpcopyup` : options])),
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      NetworkMode: limits.network === 'full' ? 'bridge' : 'none',
      IpcMode: 'private',
      ...(user.keepId ? { UsernsMode: `keep-id:uid=${user.inside.uid},gid=${user.inside.gid}` } : {}),
      ...(limits.pids === null ? {} : { PidsLimit: limits.pids }),
      // The same for both: no swap beside the memory.
      ...(limits.memoryMb === null ? {} : { Memory: limits.memoryMb * MIB, MemorySwap: limits.memoryMb * MIB }),
      ...(limits.cpus === null ? {} : { NanoCpus: Math.round(limits.cpus * 1e9) }),
      // We write the log ourselves; the engine would keep a second one without bounds.
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
      AutoRemove: false,
    },
  };
}

function egressEnvironment(): readonly string[] {
  const proxy = `http://127.0.0.1:${EGRESS_PORT}`;
  return [`WHEELHOUSE_EGRESS_SOCKET=${EGRESS_DIR}/${EGRESS_SOCKET}`, `WHEELHOUSE_EGRESS_PORT=${EGRESS_PORT}`, `HTTPS_PROXY=${proxy}`, `HTTP_PROXY=${proxy}`];
}
