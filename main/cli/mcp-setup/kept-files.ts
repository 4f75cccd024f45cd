import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { AppError } from '../../base/errors.ts';

/** Files of other programs that we change, each with a backup of what it was before. */
export class KeptFiles {
  readonly #backups: string;
  readonly #now: () => number;

  /** `backups` is a folder of our own; it is made when the first file is kept. */
  constructor(backups: string, now: () => number) {
    this.#backups = backups;
    this.#now = now;
  }

  /** The text, or null when there is no such file. Throws CONFIG_INVALID when it cannot be read as UTF-8. */
  read(file: string): string | null {
    if (!existsSync(file)) return null;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
    } catch (error) {
      const reason = error instanceof TypeError ? 'is not UTF-8 text' : `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
      throw new AppError('CONFIG_INVALID', `${file} ${reason}; nothing was changed.`, { file }, { cause: error });
    }
  }

  /** The newest backup for which `isPristine` holds, or null. */
  original(file: string, isPristine: (text: string) => boolean): string | null {
    if (!existsSync(this.#backups)) return null;
    const names = readdirSync(this.#backups).filter((name) => name.startsWith(`${id(file)}-`));
    const texts = names.toSorted().toReversed().map((name) => readFileSync(join(this.#backups, name), 'utf8'));
    return texts.find((text) => isPristine(text)) ?? null;
  }

  /** Replaces the text (null deletes the file) and returns where its old text was kept; null when there was none. */
  async write(file: string, text: string | null): Promise<string | null> {
    const backup = this.#keep(file);
    if (text === null) rmSync(file);
    // Through a link to what it names: some projects link CLAUDE.md to the file of another tool.
    else await writeFileAtomic(existsSync(file) ? realpathSync(file) : file, text, { mode: existsSync(file) ? statSync(file).mode & 0o777 : 0o644 });
    return backup;
  }

  #keep(file: string): string | null {
    if (!existsSync(file)) return null;
    mkdirSync(this.#backups, { recursive: true, mode: 0o700 });
    const backup = join(this.#backups, `${id(file)}-${this.#now()}-${basename(file)}`);
    writeFileSync(backup, readFileSync(file), { mode: 0o600 });
    return backup;
  }
}

/** Tells files of one name in different projects apart. */
function id(file: string): string {
  return createHash('sha256').update(file).digest('hex').slice(0, 16);
}
