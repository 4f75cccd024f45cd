import type Docker from 'dockerode';
import { AppError } from '../base/errors.ts';
import { engineAddresses, type EngineAddress, type EngineSurroundings } from './engine-address.ts';
import { engineFacts, explainNoEngine, type EngineAnswers, type EngineFacts, type EngineTry } from './engine-report.ts';

/** An engine that answered. */
export interface ConnectedEngine {
  readonly docker: Docker;
  readonly facts: EngineFacts;
  readonly address: EngineAddress;
}

const TRY_MS = 10_000;

/** Finds the container engine and keeps the connection to it. The client library is loaded with the first use. */
export class Engine {
  readonly #surroundings: EngineSurroundings;
  #connecting: Promise<ConnectedEngine> | null = null;

  constructor(surroundings: EngineSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * The engine of the last time, or the first that answers now. Throws ENGINE_UNAVAILABLE with cause and cure, and asks
   * again the next time: an engine that starts later than we do is found then. Throws CONFIG_INVALID for a bad address.
   */
  async connect(): Promise<ConnectedEngine> {
    const connecting = (this.#connecting ??= this.#find());
    try {
      return await connecting;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Looks for the engine anew the next time: it may have been restarted elsewhere. */
  forget(): void {
    this.#connecting = null;
  }

  async #find(): Promise<ConnectedEngine> {
    const { platform } = this.#surroundings;
    const tries: EngineTry[] = [];
    for (const address of engineAddresses(this.#surroundings)) {
      try {
        return await ask(address, platform);
      } catch (error) {
        tries.push({ address: address.text, problem: problemOf(error) });
      }
    }
    const { cause, cure } = explainNoEngine(tries, platform);
    throw new AppError('ENGINE_UNAVAILABLE', `${cause} ${cure}`, { cause, cure, tried: tries });
  }
}

async function ask(address: EngineAddress, platform: NodeJS.Platform): Promise<ConnectedEngine> {
  const { default: Client } = await import('dockerode');
  // The library mixes DOCKER_HOST into what it is given; naming both ways keeps it out.
  const options =
    address.kind === 'socket'
      ? { socketPath: address.path, host: undefined }
      : { host: address.host, port: address.port, protocol: address.tls === null ? ('http' as const) : ('https' as const), socketPath: undefined, ...address.tls };
  const probe = new Client({ ...options, timeout: TRY_MS });
  const [version, info] = (await inTime(Promise.all([probe.version(), probe.info()]))) as [EngineAnswers['version'], EngineAnswers['info']];
  return {
    docker: new Client(options),
    facts: engineFacts({ version, info }, address.text, platform),
    address,
  };
}

/** The library reports its own timeout as a broken connection, so this one comes a little earlier. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(TRY_MS - 100);
  return Promise.race([
    answer,
    new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(Object.assign(new Error('no answer in time'), { code: 'TIMEOUT' })), { once: true })),
  ]);
}

function problemOf(error: unknown): string {
  const { code, statusCode, message } = error as NodeJS.ErrnoException & { statusCode?: number };
  return code ?? (statusCode === undefined ? message : `HTTP ${statusCode}`);
}
