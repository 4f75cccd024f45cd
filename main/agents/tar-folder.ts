import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK = 512;
/** The largest number that 11 octal digits hold. */
const LARGEST_FILE = 8 ** 11 - 1;
const LONGEST_NAME = 100;

/**
 * The folder as a tar archive (POSIX ustar) of its plain files and folders, as engines take it to build an image. Owners,
 * times and rights are the same whoever packs it, so that an engine finds an unchanged step again. Rejects with an Error
 * for a name or a file that the format does not hold.
 */
export async function* tarFolder(dir: string): AsyncGenerator<Buffer> {
  for await (const name of namesIn(dir, '')) {
    const path = join(dir, name);
    const stats = await stat(path);
    if (stats.isDirectory()) {
      yield header(`${name}/`, 0, '5');
    } else if (stats.isFile()) {
      yield header(name, stats.size, '0');
      let written = 0;
      for await (const chunk of createReadStream(path)) {
        written += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
      if (written !== stats.size) throw new Error(`${path} changed while it was read`);
      yield Buffer.alloc((BLOCK - (written % BLOCK)) % BLOCK);
    }
  }
  yield Buffer.alloc(2 * BLOCK);
}

async function* namesIn(dir: string, below: string): AsyncGenerator<string> {
  const entries = await readdir(join(dir, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    yield name;
    if (entry.isDirectory()) yield* namesIn(dir, name);
  }
}

function header(name: string, size: number, kind: '0' | '5'): Buffer {
  if (Buffer.byteLength(name) > LONGEST_NAME) throw new Error(`the name ${name} is too long for the archive`);
  if (size > LARGEST_FILE) throw new Error(`${name} is too large for the archive`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => void block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at);
  block.write(name, 0);
  octal(kind === '5' ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  // The sum is taken with blanks in its own place.
  block.write('        ', 148);
  block.write(kind, 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
