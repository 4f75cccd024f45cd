import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { Engine } from './engine.ts';
import { buildHint, BuildReader, type BuildProgress } from './image-build.ts';
import { tarFolder } from './tar-folder.ts';

/** How the image of the agents stands. */
export interface ImageStatus {
  readonly name: string;
  /** Wall time in ms; null: it has not been built. */
  readonly builtAt: number | null;
  readonly bytes: number | null;
}

export interface AgentImageParts {
  readonly engine: Engine;
  readonly name: string;
  /** The folder with the Containerfile and all it copies (`npm run build:agent`). */
  readonly contextDir: string;
}

const CONTAINERFILE = 'Containerfile';

/** The image in which agents run. */
export class AgentImage {
  readonly #parts: AgentImageParts;

  constructor(parts: AgentImageParts) {
    this.#parts = parts;
  }

  /** Throws ENGINE_UNAVAILABLE. */
  async status(): Promise<ImageStatus> {
    const { engine, name } = this.#parts;
    const { client } = await engine.connect();
    const image = await client.image(name);
    return { name, builtAt: image === null ? null : Date.parse(image.Created), bytes: image?.Size ?? null };
  }

  /**
   * Builds the image and tells each line of the engine with how far it is. Throws ENGINE_UNAVAILABLE, IMAGE_BUILD_FAILED
   * with the last lines of the engine; CANCELLED when `signal` is aborted.
   */
  async build(tell: (line: string, progress: BuildProgress) => void, signal?: AbortSignal): Promise<void> {
    const { engine, name, contextDir } = this.#parts;
    if (!existsSync(join(contextDir, CONTAINERFILE))) {
      throw new AppError('IMAGE_BUILD_FAILED', `The files of the image are not at ${contextDir}. In a checkout make them with: npm run build:agent`, { contextDir });
    }
    const { client } = await engine.connect();
    const reader = new BuildReader();
    try {
      for await (const text of client.build(name, CONTAINERFILE, tarFolder(contextDir), signal)) {
        for (const line of reader.push(text)) tell(line, reader.progress);
      }
    } catch (error) {
      if (signal?.aborted === true) throw new AppError('CANCELLED', 'The build of the image was stopped.');
      throw failed((error as Error).message);
    }
    if (reader.failure !== null) throw failed(reader.failure);
    // An engine that went away in between ends the answer without an error.
    if ((await client.image(name)) === null) throw failed(`the engine ended without an image, after: ${reader.progress.line}`);
  }
}

function failed(reason: string): AppError {
  const hint = buildHint(reason);
  return new AppError('IMAGE_BUILD_FAILED', `The image of the agents could not be built: ${reason}${hint === '' ? '' : `\n${hint}`}`, { reason });
}
