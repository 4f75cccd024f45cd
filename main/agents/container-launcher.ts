import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { containerLimits, containerName, containerSpec, containerUser, type ContainerLimits, type ContainerSpec, type Owner } from './container-spec.ts';
import type { Egress, EgressWay } from './egress.ts';
import { EngineRefusal, type EngineClient } from './engine-client.ts';
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
    // What a crash left behind would take memory and answer for the group, too, and take what is said to this run.
    await orphans.swept();
    await launch.alone();
    const { group, runId } = launch.request;
    const wanted = (): void => {
      if (launch.signal.aborted) throw new AppError('CANCELLED', `The run for ${group.name} was taken back before it started.`);
    };
    orphans.claim(runId);
    const way = await this.#openEgress(launch.request, connected);
    let container: string | null = null;
    try {
      const spec = this.#spec(launch, connected, way);
      wanted();
      container = await this.#create(connected.client, spec);
      wanted();
      const launched = await this.#start(launch, connected.client, container, way);
      wanted();
      return launched;
    } catch (error) {
      if (container === null) orphans.release(runId);
      else await this.#remove(connected.client, container, runId);
      await way?.close();
      throw error;
    }
  }

  #spec({ request, note }: Launch, { facts, client: { address } }: ConnectedEngine, way: EgressWay | null): ContainerSpec {
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

  async #create(client: EngineClient, spec: ContainerSpec): Promise<string> {
    try {
      return await client.create(spec);
    } catch (error) {
      if (error instanceof EngineRefusal && (error.status === 404 || /no such image/i.test(error.message))) {
        throw new AppError('IMAGE_MISSING', `There is no image ${spec.Image} in the container engine. Build it: wheelhouse engine build`, { image: spec.Image }, { cause: error });
      }
      throw error;
    }
  }

  async #start({ request, note, stdin }: Launch, client: EngineClient, id: string, way: EgressWay | null): Promise<Launched> {
    const { group, runId } = request;
    const stream = await client.attach(id);
    // An agent may end without having read its input; its exit code tells more than the broken pipe.
    stream.on('error', (error: Error) => note(`The stream of the container broke: ${error.message}`));
    await client.start(id);
    const { stdout, stderr } = separate(stream);
    stream.end(`${stdin}\n`);
    return {
      place: { containerName: containerName(group.folder, runId), pid: null },
      stdout,
      stderr,
      exited: this.#exit(client, id, stream),
      terminate: async () => client.kill(id, 'SIGTERM'),
      kill: async () => client.kill(id, 'SIGKILL'),
      closeStreams: () => stream.destroy(),
      dispose: async () => {
        stream.destroy();
        await this.#remove(client, id, runId);
        await way?.close();
      },
    };
  }

  /** Its stream closes when it ends, and the engine tells how; one that only closed its outputs is waited for. */
  async #exit(client: EngineClient, id: string, stream: Duplex): Promise<ProcessExit> {
    const waited = client.wait(id);
    // Whoever comes first: Podman looks only four times a second whether a container that is waited for has ended.
    waited.catch(() => undefined);
    try {
      await Promise.race([waited, once(stream, 'close')]);
      let { State } = await client.inspect(id);
      if (State.Running) {
        await waited;
        ({ State } = await client.inspect(id));
      }
      return { exitCode: State.ExitCode, signal: null, outOfMemory: State.OOMKilled, lost: null };
    } catch (error) {
      const removed = error instanceof EngineRefusal && error.status === 404;
      if (!removed) this.#parts.engine.forget();
      return { exitCode: null, signal: null, outOfMemory: false, lost: removed ? 'somebody removed the container' : (error as Error).message };
    }
  }

  async #remove(client: EngineClient, id: string, runId: string): Promise<void> {
    const { orphans } = this.#parts;
    try {
      await client.remove(id);
    } catch {
      // The engine is away or busy: the sweep takes it, as soon as it can.
      orphans.sweepLater();
    } finally {
      orphans.release(runId);
    }
  }
}

async function aborted(signal: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  throw new AppError('ENGINE_UNAVAILABLE', `The container engine did not start the container within ${LAUNCH_MS / 1000} s. Restart the engine.`);
}

/** What the engine refused becomes a sentence; an engine that did not answer is looked for anew. */
function explain(error: unknown, engine: Engine): AppError {
  if (error instanceof AppError) return error;
  const { message } = error as Error;
  if (!(error instanceof EngineRefusal)) {
    engine.forget();
    return new AppError('ENGINE_UNAVAILABLE', `The container engine went away: ${message}. Look at it with: wheelhouse engine check`, {}, { cause: error });
  }
  if (/no space left/i.test(message)) return new AppError('DISK_FULL', `The disk of the container engine is full: ${message}. Free some space.`, {}, { cause: error });
  return new AppError('RUN_NOT_STARTED', `The container engine refused the container: ${message}. Look at it with: wheelhouse engine check`, { status: error.status }, { cause: error });
}
