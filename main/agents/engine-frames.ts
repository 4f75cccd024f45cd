import { PassThrough, type Readable } from 'node:stream';

/** A piece of what a container printed. */
export interface EngineFrame {
  readonly stream: 'stdout' | 'stderr';
  readonly payload: Buffer;
}

const HEADER = 8;
const STREAMS: readonly (EngineFrame['stream'] | null)[] = [null, 'stdout', 'stderr'];

/**
 * Takes apart what an engine sends of a container without a terminal: frames of 8 bytes (stream, three zeros, length) and
 * a payload. Hands payloads on as they come and keeps nothing but an unfinished header.
 */
export class FrameReader {
  #header = Buffer.alloc(0);
  #left = 0;
  #stream: EngineFrame['stream'] | null = null;

  /** Throws an Error when the bytes are no frames. */
  push(chunk: Buffer): EngineFrame[] {
    const frames: EngineFrame[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#left === 0) {
        const taken = chunk.subarray(at, at + HEADER - this.#header.length);
        this.#header = Buffer.concat([this.#header, taken]);
        at += taken.length;
        if (this.#header.length === HEADER) this.#begin();
        continue;
      }
      const payload = chunk.subarray(at, at + this.#left);
      if (this.#stream !== null) frames.push({ stream: this.#stream, payload });
      this.#left -= payload.length;
      at += payload.length;
    }
    return frames;
  }

  #begin(): void {
    const [kind = 0, ...zeros] = this.#header.subarray(0, 4);
    if (kind >= STREAMS.length || zeros.some((byte) => byte !== 0)) throw new Error('the engine sent something that is not the output of a container');
    this.#stream = STREAMS[kind]!;
    this.#left = this.#header.readUInt32BE(4);
    this.#header = Buffer.alloc(0);
  }
}

/** Both streams of a container. When one of them is not read, the engine is not read either. */
export function separate(source: Readable): { readonly stdout: Readable; readonly stderr: Readable } {
  const reader = new FrameReader();
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const end = (error?: Error | null): void => {
    for (const stream of Object.values(streams)) {
      if (error) stream.destroy(error);
      else stream.end();
    }
  };
  source.on('data', (chunk: Buffer) => {
    try {
      for (const { stream, payload } of reader.push(chunk)) {
        if (streams[stream].write(payload)) continue;
        source.pause();
        streams[stream].once('drain', () => source.resume());
      }
    } catch (error) {
      source.destroy(error as Error);
    }
  });
  source.once('end', () => end());
  source.once('error', end);
  source.once('close', () => end());
  return streams;
}
