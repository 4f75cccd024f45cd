import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Wheelhouse says to a request. */
export type MailboxAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** `messages`: what goes to a chat. `tasks`: everything else (seed 002, IPC-01). */
export type Box = 'messages' | 'tasks';

/** Events of the file system do not reach every container. */
const LOOK_EVERY_MS = 250;
const DEFAULT_TIMEOUT_MS = 30_000;

/** No answer came: the request may still be carried out. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Puts requests into the mailbox and waits for what became of each. */
export class MailboxClient {
  readonly #ipc: string;
  #count = 0;

  constructor(ipc: string) {
    this.#ipc = ipc;
  }

  /** Resolves with the answer; rejects with {@link NoAnswer} after `timeoutMs`. */
  async request(box: Box, body: object, timeoutMs: number = DEFAULT_TIMEOUT_MS): Promise<MailboxAnswer> {
    const name = this.#nextName();
    const answers = join(this.#ipc, 'answers');
    mkdirSync(answers, { recursive: true });
    mkdirSync(join(this.#ipc, box), { recursive: true });
    const answered = waitForFile(answers, name, timeoutMs);
    // Readers take names that end in .json, so they never see a half-written one.
    const file = join(this.#ipc, box, name);
    writeFileSync(`${file}.tmp`, JSON.stringify(body));
    renameSync(`${file}.tmp`, file);
    return JSON.parse(await answered) as MailboxAnswer;
  }

  /** Names sort in the order in which the requests were made. */
  #nextName(): string {
    this.#count += 1;
    return `${Date.now()}-${String(this.#count).padStart(6, '0')}-${randomBytes(3).toString('hex')}.json`;
  }
}

/** Wheelhouse throws old answers away itself, so it does no harm where the agent may not. */
function removeAnswer(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // See above.
  }
}

/** Resolves with the text of `folder/name` as soon as it is there, and takes the file away. */
async function waitForFile(folder: string, name: string, timeoutMs: number): Promise<string> {
  const file = join(folder, name);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const look = (): void => {
    try {
      const text = readFileSync(file, 'utf8');
      resolve(text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') reject(error);
    }
  };
  const watcher = watch(folder, look);
  // The looks below go on without it.
  watcher.on('error', () => undefined);
  const timer = setInterval(look, LOOK_EVERY_MS);
  const deadline = setTimeout(
    () => reject(new NoAnswer(`Wheelhouse has not answered within ${timeoutMs / 1000} s. It may still carry the request out: look before you repeat it.`)),
    timeoutMs,
  );
  try {
    return await promise;
  } finally {
    removeAnswer(file);
    watcher.close();
    clearInterval(timer);
    clearTimeout(deadline);
  }
}
