/** What an engine that answers told about itself. */
export interface EngineFacts {
  readonly name: 'Docker' | 'Podman';
  readonly version: string;
  readonly address: string;
  /** It runs as the user, who is root only inside of it. */
  readonly rootless: boolean;
  /** Its containers live in a virtual machine, as with Docker Desktop: Unix sockets of ours do not reach them. */
  readonly inVm: boolean;
  readonly arch: string;
  readonly cpus: number;
  /** In MiB. */
  readonly memoryMb: number;
  /** Which limits it cannot enforce, as `memory`. */
  readonly missingLimits: readonly string[];
}

/** An address that was tried in vain. */
export interface EngineTry {
  readonly address: string;
  /** The code of the system, as ENOENT, or what the engine said. */
  readonly problem: string;
}

/** The parts of `/version` and `/info` that are read; engines leave some out. */
export interface EngineAnswers {
  readonly version: { readonly Version?: string; readonly Arch?: string; readonly Components?: readonly { readonly Name?: string; readonly Version?: string }[] };
  readonly info: {
    readonly OperatingSystem?: string;
    readonly OSType?: string;
    readonly NCPU?: number;
    readonly MemTotal?: number;
    readonly SecurityOptions?: readonly string[] | null;
    readonly MemoryLimit?: boolean;
    readonly PidsLimit?: boolean;
    readonly CpuCfsQuota?: boolean;
  };
}

const MIB = 1024 * 1024;

/** Reads what an engine says about itself. Pure. */
export function engineFacts({ version, info }: EngineAnswers, address: string, platform: NodeJS.Platform): EngineFacts {
  const podman = (version.Components ?? []).find(({ Name }) => Name?.startsWith('Podman') === true);
  const limits: readonly (readonly [string, boolean | undefined])[] = [
    ['memory', info.MemoryLimit],
    ['pids', info.PidsLimit],
    ['cpus', info.CpuCfsQuota],
  ];
  return {
    name: podman === undefined ? 'Docker' : 'Podman',
    version: podman?.Version ?? version.Version ?? 'unknown',
    address,
    rootless: (info.SecurityOptions ?? []).some((option) => option.includes('rootless')),
    inVm: platform !== 'linux' || info.OperatingSystem === 'Docker Desktop',
    arch: version.Arch ?? 'unknown',
    cpus: info.NCPU ?? 0,
    memoryMb: Math.floor((info.MemTotal ?? 0) / MIB),
    missingLimits: limits.filter(([, enforced]) => enforced === false).map(([name]) => name),
  };
}

/** Why no engine answered, and what to do about it (OPS-01 of seed 002): the most telling of the tries decides. Pure. */
export function explainNoEngine(tries: readonly EngineTry[], platform: NodeJS.Platform): { readonly cause: string; readonly cure: string } {
  const denied = tries.find(({ problem }) => problem === 'EACCES' || problem === 'EPERM');
  if (denied !== undefined) {
    return {
      cause: `${denied.address} is there, but you may not use it.`,
      cure:
        platform === 'linux'
          ? 'Add yourself to the group docker and log in again (sudo usermod -aG docker $USER), or use Podman as yourself: systemctl --user enable --now podman.socket'
          : 'Let your user use it, or start the engine as your user.',
    };
  }
  const silent = tries.find(({ problem }) => problem === 'TIMEOUT');
  if (silent !== undefined) return { cause: `${silent.address} does not answer.`, cure: 'Restart the container engine; it may still be starting.' };
  const refused = tries.find(({ problem }) => problem === 'ECONNREFUSED');
  if (refused !== undefined) return { cause: `Nobody listens at ${refused.address}: the engine is installed, but does not run.`, cure: startIt(platform) };
  const odd = tries.find(({ problem }) => problem !== 'ENOENT');
  if (odd !== undefined) return { cause: `${odd.address} does not answer as a container engine does (${odd.problem}).`, cure: 'Look whether another program listens there, and restart the engine.' };
  const only = tries.length === 1 ? ` at ${tries[0]!.address}` : '';
  return { cause: `No container engine was found${only}.`, cure: `Install Docker or Podman. ${startIt(platform)}` };
}

function startIt(platform: NodeJS.Platform): string {
  if (platform === 'linux') return 'Start it: sudo systemctl start docker, or for Podman: systemctl --user enable --now podman.socket';
  return 'Start Docker Desktop, or for Podman: podman machine start';
}
