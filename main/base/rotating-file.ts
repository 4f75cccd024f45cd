import { closeSync, fstatSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface RotatingFileOptions {
  /** The current file, as `…/wheelhouse.log`; older ones are `…/wheelhouse.1.log` and so on, 1 being the youngest. */
  readonly file: string;
  /** A new file is begun before a write would exceed this. */
  readonly maxBytes: number;
  /** With the current one. */
  readonly maxFiles: number;
}

/**
 * A text file of bounded size with a bounded number of predecessors. Writing is synchronous, so that the last words
 * before a crash are in it, and never throws: a full disk must not stop the program that wants to say so.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #fd: number | null = null;
  #size = 0;
  #lost = 0;
  #closed = false;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** Appends `line`; when that fails the line is counted, and the count stands in the file once writing works again. */
  write(line: string): void {
    if (this.#closed) return;
    const text = this.#lost > 0 ? `${JSON.stringify({ level: 'warn', msg: `${this.#lost} lines could not be written` })}\n${line}` : line;
    const bytes = Buffer.from(text, 'utf-8');
    try {
      if (this.#fd === null) this.#open();
      if (this.#size > 0 && this.#size + bytes.length > this.#options.maxBytes) this.#rotate();
      this.#size += writeSync(this.#fd!, bytes);
      this.#lost = 0;
    } catch {
      this.#lost += 1;
      this.#release();
    }
  }

  close(): void {
    this.#closed = true;
    this.#release();
  }

  #open(): void {
    this.#fd = openSync(this.#options.file, 'a', 0o600);
    this.#size = fstatSync(this.#fd).size;
  }

  #release(): void {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) closeSync(fd);
  }

  #rotate(): void {
    this.#release();
    const { file, maxFiles } = this.#options;
    const stem = file.replace(/\.log$/, '');
    for (const number of this.#olderFiles()) {
      if (number >= maxFiles - 1) rmSync(`${stem}.${number}.log`);
      else renameSync(`${stem}.${number}.log`, `${stem}.${number + 1}.log`);
    }
    if (maxFiles > 1) renameSync(file, `${stem}.1.log`);
    else rmSync(file);
    this.#open();
  }

  /** Numbers of the older files, oldest first. */
  #olderFiles(): readonly number[] {
    const { file } = this.#options;
    const stem = basename(file, '.log');
    return readdirSync(dirname(file))
      .filter((name) => name.startsWith(`${stem}.`) && /^\d+\.log$/.test(name.slice(stem.length + 1)))
      .map((name) => Number.parseInt(name.slice(stem.length + 1), 10))
      .sort((a, b) => b - a);
  }
}
