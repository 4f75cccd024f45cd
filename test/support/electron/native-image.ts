import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { backstage } from './host.ts';
import type { Shape } from './shape.ts';
import { strict } from './strict.ts';

const PNG_SIGNATURE = '89504e470d0a1a0a';

/** A picture from a file; empty, as in Electron, when the file is missing or no picture. */
export class StandInImage implements Shape<Electron.NativeImage, 'isEmpty' | 'getSize'> {
  readonly #file: string;
  readonly #size: Electron.Size | null;

  constructor(file: string, size: Electron.Size | null) {
    this.#file = file;
    this.#size = size;
  }

  isEmpty(): boolean {
    return this.#size === null;
  }

  getSize(): Electron.Size {
    return this.#size ?? { width: 0, height: 0 };
  }

  get [backstage]() {
    return { file: this.#file };
  }
}

export function nativeImageStatics(appPath: string): Shape<typeof Electron.nativeImage, never, 'createFromPath'> {
  return {
    createFromPath: (file: string) => strict(new StandInImage(relative(appPath, file), pngSize(file)), 'nativeImage'),
  };
}

function pngSize(file: string): Electron.Size | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return null;
  }
  if (bytes.toString('hex', 0, 8) !== PNG_SIGNATURE) return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
