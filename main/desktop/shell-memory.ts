import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../base/log.ts';
import { parsePlace, type WindowPlace } from './window-bounds.ts';

/** A thing that the person is told once and never again. */
export type Notice = 'still-running' | 'no-tray';

/**
 * What the shell remembers between starts, in one small JSON file: nothing that matters. A damaged file counts as
 * empty, a file that cannot be written is logged, and neither stops anything.
 */
export class ShellMemory {
  readonly #file: string;
  readonly #log: Log;
  #place: WindowPlace | null = null;
  readonly #told = new Set<Notice>();

  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
    this.#load();
  }

  get windowPlace(): WindowPlace | null {
    return this.#place;
  }

  rememberWindow(place: WindowPlace): void {
    if (JSON.stringify(place) === JSON.stringify(this.#place)) return;
    this.#place = place;
    this.#save();
  }

  /** True the first time it is asked for a notice, over all starts. */
  firstTime(notice: Notice): boolean {
    if (this.#told.has(notice)) return false;
    this.#told.add(notice);
    // Saved before the person is told: telling twice is worse than not at all.
    this.#save();
    return true;
  }

  #load(): void {
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#log.warn({ err: error, file: this.#file }, 'window memory was unreadable and starts empty');
      return;
    }
    if (typeof content !== 'object' || content === null) return;
    if ('window' in content) this.#place = parsePlace(content.window);
    if ('told' in content && Array.isArray(content.told)) {
      for (const notice of ['still-running', 'no-tray'] as const) if (content.told.includes(notice)) this.#told.add(notice);
    }
  }

  #save(): void {
    const temporary = `${this.#file}.tmp`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      writeFileSync(temporary, `${JSON.stringify({ window: this.#place, told: [...this.#told] })}\n`, { mode: 0o600 });
      renameSync(temporary, this.#file);
    } catch (error) {
      this.#log.warn({ err: error, file: this.#file }, 'window memory was not saved');
    }
  }
}
