import { AppError } from '../base/errors.ts';
import { engineAddresses, type EngineSurroundings } from './engine-address.ts';
import { EngineClient, EngineRefusal } from './engine-client.ts';
import { engineFacts, explainNoEngine, type EngineFacts, type EngineTry } from './engine-report.ts';

/** An engine that answered. */
export interface ConnectedEngine {
  readonly client: EngineClient;
  readonly facts: EngineFacts;
}

const TRY_MS = 10_000;

/** Finds the container engine and remembers it. */
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
        const client = new EngineClient(address);
        return { client, facts: engineFacts(await client.ask(TRY_MS), address.text, platform) };
      } catch (error) {
        tries.push({ address: address.text, problem: problemOf(error) });
      }
    }
    const { cause, cure } = explainNoEngine(tries, platform);
    throw new AppError('ENGINE_UNAVAILABLE', `${cause} ${cure}`, { cause, cure, tried: tries });
  }
}

function problemOf(error: unknown): string {
  if (error instanceof EngineRefusal) return `HTTP ${error.status}`;
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
