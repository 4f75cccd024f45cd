import { lstat, mkdir, readdir, rename, rmdir, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { iso, type Clock } from '../base/clock.ts';
import type { ErrorCode } from '../base/errors.ts';
import type { Claim } from './mailbox-claims.ts';

/** Why a request was set aside; stands beside it as `<name>.reason.json`. */
export interface SetAsideReason {
  readonly folder: string;
  readonly code: ErrorCode;
  readonly reason: string;
}

const REASON = '.reason.json';
/** As many requests are kept, the newest; what agents write must not fill the disk. */
const MOST_KEPT = 200;
/** As much of a request is kept. */
const MOST_BYTES = 65_536;

/** `data/ipc/errors/`: requests that were not carried out, each with its reason, out of the reach of agents. */
export class SetAside {
  readonly #dir: string;
  readonly #clock: Clock;

  constructor(dir: string, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
  }

  async prepare(): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
  }

  /** Moves the claimed file here; of what is no plain file only the reason is kept. Resolves with its name here. */
  async keep(claim: Claim, { folder, code, reason }: SetAsideReason): Promise<string> {
    const name = `${folder}-${claim.id}-${safe(claim.name)}`;
    const about = { at: iso(this.#clock.now()), group: folder, box: claim.box, file: claim.name.slice(0, 300), code, reason };
    await writeFile(join(this.#dir, `${name}${REASON}`), `${JSON.stringify(about, null, 2)}\n`, { mode: 0o600 });
    await this.#move(claim.file, join(this.#dir, name));
    await this.#prune();
    return name;
  }

  async #move(from: string, to: string): Promise<void> {
    const stats = await lstat(from);
    if (stats.isDirectory()) {
      // Its contents are not looked at: whoever made it may still be changing it.
      await rename(from, to);
    } else if (!stats.isFile()) {
      await unlink(from);
    } else {
      // Cutting a file that has other names would cut what they stand for.
      if (stats.size > MOST_BYTES && stats.nlink === 1) await truncate(from, MOST_BYTES);
      await rename(from, to);
    }
  }

  async #prune(): Promise<void> {
    const names = (await readdir(this.#dir)).filter((name) => name.endsWith(REASON));
    if (names.length <= MOST_KEPT) return;
    const dated = await Promise.all(names.map(async (name) => ({ name, at: (await lstat(join(this.#dir, name)).catch(() => null))?.mtimeMs ?? 0 })));
    for (const { name } of dated.sort((a, b) => a.at - b.at).slice(0, names.length - MOST_KEPT)) {
      const file = join(this.#dir, name.slice(0, -REASON.length));
      // A folder with something in it is left for the person; it may be anything.
      await unlink(file).catch(async () => rmdir(file).catch(() => undefined));
      await unlink(join(this.#dir, name)).catch(() => undefined);
    }
  }
}

function safe(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_.@+-]/g, '_').slice(0, 100);
}
