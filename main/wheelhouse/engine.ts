import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AgentImage } from '../agents/agent-image.ts';
import { ContainerLauncher } from '../agents/container-launcher.ts';
import { installId, type ContainerLimits } from '../agents/container-spec.ts';
import type { SecretSource } from '../agents/credentials.ts';
import { Egress } from '../agents/egress.ts';
import { EngineDesk } from '../agents/engine-desk.ts';
import { GroupRows } from '../agents/group-rows.ts';
import { Engine } from '../agents/engine.ts';
import type { Launcher } from '../agents/launcher.ts';
import { allowlistFile } from '../agents/mount-allowlist.ts';
import { Mounts } from '../agents/mounts.ts';
import { Orphans } from '../agents/orphans.ts';
import type { AgentRunner } from '../agents/ports.ts';
import { ProcessLauncher } from '../agents/process-launcher.ts';
import { ProcessRegistry } from '../agents/process-registry.ts';
import { RunLogs } from '../agents/run-log.ts';
import { Runner } from '../agents/runner.ts';
import type { Clock } from '../base/clock.ts';
import type { DataPaths } from '../config/data-dir.ts';
import type { Environment } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Store } from '../store/store.ts';

export interface EngineRoomOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly paths: DataPaths;
  readonly config: Config['agents'];
  readonly platform: NodeJS.Platform;
  /** Ours, for DOCKER_HOST and for programs to find their way. */
  readonly env: Environment;
  /** For the credentials that may be handed on. */
  readonly secrets: SecretSource;
  /** From what the image is built: `out/agent` of this installation. */
  readonly agentDir: string;
  /** In which agents live, an IANA name. */
  readonly timeZone: string;
  readonly report: (what: string, error: unknown) => void;
}

/** Where agents run. Nothing of it runs before {@link EngineRoom.start}. */
export interface EngineRoom {
  readonly runner: AgentRunner;
  readonly desk: EngineDesk;
  readonly mounts: Mounts;
  /** Where the allowlist of mounts lies. */
  readonly allowlistFile: string;
  /** Looks for the engine and removes what an earlier process left behind (OPS-01, OPS-02). Does not wait, never throws. */
  start(): void;
  stop(): Promise<void>;
}

const MIB = 1024 * 1024;

/** What the image of the agents is built from lies beside the windows, whether either was built or not. */
export function agentImageDir(rendererDir: string | null): string {
  return rendererDir === null ? '' : join(dirname(rendererDir), 'agent');
}

export function openEngine(options: EngineRoomOptions): EngineRoom {
  const { store, clock, paths, config, platform, env, report } = options;
  // As the system itself does it; a test has another home than we do.
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  const engine = new Engine({ platform, home, env, engineHost: config.engine_host });
  const limits: ContainerLimits = { memoryMb: config.memory_mb, cpus: config.cpus, pids: config.pids, network: config.network };
  const image = new AgentImage({ engine, name: config.image, contextDir: options.agentDir });
  const desk = new EngineDesk({
    engine,
    image,
    runner: config.runner,
    limits,
    clock,
    record: (action, text) => void store.transact((tx) => tx.event({ kind: 'system', action, text })),
  });
  const install = installId(randomIdOf(join(paths.root, 'data', 'install-id')), paths.root);
  const orphans = new Orphans({
    engine,
    installId: install,
    clock,
    removed: (names) => store.transact((tx) => tx.event({ kind: 'run', action: 'orphans_removed', text: `Containers that an earlier run left behind were removed: ${names.join(', ')}`, data: { names } })),
    failed: (error) => report('containers of an earlier run could not be looked for; this is tried again', error),
  });
  const file = allowlistFile(home);
  const mounts = new Mounts({ home, allowlistFile: file, guarded: [paths.root], platform });
  const groups = new GroupRows(store);
  const registry = new ProcessRegistry(join(paths.root, 'data', 'processes'));
  const egress = new Egress({
    installId: install,
    allowed: config.restricted_hosts,
    refused: (destination) => report('an agent in a restricted network', new Error(`asked for ${destination}, which is not in [agents] restricted_hosts`)),
  });
  const containers = (): Launcher =>
    new ContainerLauncher({
      engine,
      orphans,
      mounts,
      egress,
      roots: paths,
      installId: install,
      image: config.image,
      limits,
      timeZone: options.timeZone,
      host: process.geteuid === undefined ? null : { uid: process.geteuid(), gid: process.getegid!() },
      clock,
    });
  const processes = (): Launcher => new ProcessLauncher({ command: config.process_command, roots: paths, registry, env });
  return {
    runner: new Runner({
      launcher: config.runner === 'process' ? processes() : containers(),
      roots: paths,
      credentials: { allowed: config.credentials, secrets: options.secrets },
      logs: new RunLogs({ dir: paths.runLogs, kept: config.run_logs_kept, maxStreamBytes: config.max_output_mb * MIB, clock }),
      limits: {
        runTimeoutMs: config.run_timeout_sec * 1000,
        idleTimeoutMs: config.idle_timeout_sec * 1000,
        stopTimeoutMs: config.stop_timeout_sec * 1000,
        maxOutputLength: config.max_output_mb * MIB,
      },
      clock,
    }),
    desk,
    mounts,
    allowlistFile: file,
    start() {
      egress.sweep();
      const killed = registry.sweep();
      if (killed.length > 0) {
        store.transact((tx) => tx.event({ kind: 'run', action: 'orphans_removed', text: `${killed.length} programs of agents that an earlier run left behind were ended`, data: { runs: killed } }));
      }
      // Without a group nobody misses an engine.
      if (config.runner === 'process' || groups.all().length === 0) return;
      orphans.start();
      desk.check().then(
        ({ problem }) => problem !== null && report('agents cannot run', new Error(`${problem.cause} ${problem.cure}`)),
        (error: unknown) => report('agents cannot run', error),
      );
    },
    async stop() {
      orphans.stop();
      await desk.stop();
    },
  };
}

/** A random id, made once and kept in `file`. */
function randomIdOf(file: string): string {
  try {
    writeFileSync(file, `${randomUUID()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf-8').trim();
}
