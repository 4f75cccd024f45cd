import type Docker from 'dockerode';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { containerLimits, containerName, containerSpec, containerUser, type ContainerLimits, type Owner } from './container-spec.ts';
import type { Egress, EgressWay } from './egress.ts';
import { attachTo, exitCodeOf } from './engine-direct.ts';
import type { EngineAddress } from './engine-address.ts';
import { separate } from './engine-frames.ts';
import type { ConnectedEngine, Engine } from './engine.ts';
import type { Launch, Launched, Launcher } from './launcher.ts';
import type { Mounts } from './mounts.ts';
import type { Orphans } from './orphans.ts';
import type { RunRequest } from './ports.ts';
import type { ProcessExit } from './run-end.ts';
import { prepareWorkspace, workspaceOf, type WorkspaceRoots } from './workspace.ts';

export interface ContainerLauncherParts {
  readonly engine: Engine;
  readonly orphans: Orphans;
  readonly mounts: Mounts;
  readonly egress: Egress;
  readonly roots: WorkspaceRoots;
  readonly installId: string;
  readonly image: string;
  /** For groups that name none of their own. */
  readonly limits: ContainerLimits;
  readonly timeZone: string;
  /** Us; null on Windows. */
  readonly host: Owner | null;
  readonly clock: Clock;
}

/** An engine that takes longer than this to start a container hangs. */
const LAUNCH_MS = 120_000;

/** Starts agents in containers of their own, isolated as DESIGN §8 says. */
export class ContainerLauncher implements Launcher {
  readonly what = 'container';
  readonly #parts: ContainerLauncherParts;

  constructor(parts: ContainerLauncherParts) {
    this.#parts = parts;
  }

  memoryLimitMb({ group }: RunRequest): number | null {
    return containerLimits(group, this.#parts.limits).memoryMb;
  }

  async launch(launch: Launch): Promise<Launched> {
    const tooLate = new AbortController();
    const timer = this.#parts.clock.setTimer(LAUNCH_MS, () => tooLate.abort());
    const launching = this.#launch({ ...launch, signal: AbortSignal.any([launch.signal, tooLate.signal]) });
    try {
      return await Promise.race([launching, aborted(tooLate.signal)]);
    } catch (error) {
      // What becomes of it later is removed by the run that nobody waits for any more.
      if (tooLate.signal.aborted) launching.catch(() => this.#parts.orphans.sweepLater());
      throw explain(error, this.#parts.engine);
    } finally {
      timer.cancel();
    }
  }

  async #launch(launch: Launch): Promise<Launched> {
    const { engine, orphans } = this.#parts;
    const connected = await engine.connect();
    // What a crash left behind would take memory and answer for the group, too.
    await orphans.swept();
    const { group, runId } = launch.request;
    const wanted = (): void => {
      if (launch.signal.aborted) throw new AppError('CANCELLED', `The run for ${group.name} was taken back before it started.`);
    };
    orphans.claim(runId);
    const way = await this.#openEgress(launch.request, connected);
    let container: Docker.Container | null = null;
    try {
      const spec = this.#spec(launch, connected, way);
      wanted();
      container = await this.#create(connected, spec);
      wanted();
      const launched = await this.#start(launch, connected, container, way);
      wanted();
      return launched;
    } catch (error) {
      if (container === null) orphans.release(runId);
      else await this.#remove(container, runId);
      await way?.close();
      throw error;
    }
  }

  #spec({ request, note }: Launch, { facts, address }: ConnectedEngine, way: EgressWay | null) {
    const { mounts, roots, installId, image, host } = this.#parts;
    const { group, runId } = request;
    const user = containerUser(facts, host);
    const workspace = workspaceOf(roots, group.folder);
    prepareWorkspace(workspace, user.owner);
    const verdicts = mounts.decide(group.container.additionalMounts, group, address.kind === 'socket' ? [address.path] : []);
    const limits = containerLimits(group, this.#parts.limits);
    note(`Engine: ${facts.name} ${facts.version}, image ${image}, user ${user.inside.uid}:${user.inside.gid}, network ${limits.network}`);
    for (const { mount, explanation } of verdicts) {
      if (mount !== null) note(`Mount: ${mount.source} at ${mount.target}, ${mount.readOnly ? 'reading only' : 'reading and writing'}`);
      if (explanation !== null) note(`Mount: ${explanation}`);
    }
    return containerSpec({ runId, installId, group, image, workspace, verdicts, limits, user, engine: facts.name, timeZone: this.#parts.timeZone, egressDir: way?.dir ?? null });
  }

  async #openEgress({ group }: RunRequest, { facts }: ConnectedEngine): Promise<EgressWay | null> {
    if (containerLimits(group, this.#parts.limits).network !== 'restricted') return null;
    if (facts.inVm) {
      throw new AppError(
        'ENGINE_UNSUITABLE',
        `${facts.name} runs containers in a virtual machine, into which the way out of a restricted network does not lead. Choose the network none or full for the group.`,
        { network: 'restricted' },
      );
    }
    return this.#parts.egress.open();
  }

  async #create({ docker }: ConnectedEngine, spec: Docker.ContainerCreateOptions): Promise<Docker.Container> {
    try {
      return await docker.createContainer(spec);
    } catch (error) {
      if (statusOf(error) === 404 || /no such image/i.test((error as Error).message)) {
        throw new AppError('IMAGE_MISSING', `There is no image ${spec.Image} in the container engine. Build it: wheelhouse engine build`, { image: spec.Image }, { cause: error });
      }
      throw error;
    }
  }

  async #start(launch: Launch, { address }: ConnectedEngine, container: Docker.Container, way: EgressWay | null): Promise<Launched> {
    const stream = await attachTo(address, container.id);
    await container.start();
    const { group, runId } = launch.request;
    // An agent may end without having read its input; its exit code tells more than the broken pipe.
    stream.on('error', (error: Error) => launch.note(`The stream of the container broke: ${error.message}`));
    const { stdout, stderr } = separate(stream);
    stream.end(`${launch.stdin}\n`);
    return {
      place: { containerName: containerName(group.folder, runId), pid: null },
      stdout,
      stderr,
      exited: this.#exit(address, container),
      terminate: async () => signal(container, 'SIGTERM'),
      kill: async () => signal(container, 'SIGKILL'),
      closeStreams: () => stream.destroy(),
      dispose: async () => {
        stream.destroy();
        await this.#remove(container, runId);
        await way?.close();
      },
    };
  }

  async #exit(address: EngineAddress, container: Docker.Container): Promise<ProcessExit> {
    try {
      const exitCode = await exitCodeOf(address, container.id);
      const { State } = await container.inspect();
      return { exitCode, signal: null, outOfMemory: State.OOMKilled, lost: null };
    } catch (error) {
      if (statusOf(error) !== 404) this.#parts.engine.forget();
      const lost = statusOf(error) === 404 ? 'somebody removed the container' : (error as Error).message;
      return { exitCode: null, signal: null, outOfMemory: false, lost };
    }
  }

  async #remove(container: Docker.Container, runId: string): Promise<void> {
    const { orphans } = this.#parts;
    try {
      await container.remove({ force: true, v: true });
    } catch (error) {
      // The engine is away or busy: the sweep takes it, as soon as it can.
      if (![404, 409].includes(statusOf(error) ?? 0)) orphans.sweepLater();
    } finally {
      orphans.release(runId);
    }
  }
}

async function signal(container: Docker.Container, name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  try {
    await container.kill({ signal: name });
  } catch (error) {
    // It has ended already, or is gone.
    if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
  }
}

async function aborted(signal: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  throw new AppError('ENGINE_UNAVAILABLE', `The container engine did not start the container within ${LAUNCH_MS / 1000} s. Restart the engine.`);
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

/** What the engine refused becomes a sentence; an engine that did not answer is looked for anew. */
function explain(error: unknown, engine: Engine): AppError {
  if (error instanceof AppError) return error;
  const status = statusOf(error);
  const { message } = error as Error;
  if (status === undefined) {
    engine.forget();
    return new AppError('ENGINE_UNAVAILABLE', `The container engine went away: ${message}. Look at it with: wheelhouse engine check`, {}, { cause: error });
  }
  if (/no space left/i.test(message)) return new AppError('DISK_FULL', `The disk of the container engine is full: ${message.trim()}. Free some space.`, {}, { cause: error });
  return new AppError('RUN_NOT_STARTED', `The container engine refused the container: ${message.trim()}. Look at it with: wheelhouse engine check`, { status }, { cause: error });
}
