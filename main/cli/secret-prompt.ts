import { createInterface, type Interface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';
import type { CliIo } from './io.ts';
import { UsageError } from './input.ts';

/**
 * Asks for what must not stand on the command line, where other users of the machine can see it. At a terminal nothing
 * is echoed; otherwise each answer is a line of standard input.
 */
export class SecretPrompt {
  readonly #io: Pick<CliIo, 'stdin' | 'err'>;
  #lines: Interface | null = null;
  #next: AsyncIterator<string> | null = null;

  constructor(io: Pick<CliIo, 'stdin' | 'err'>) {
    this.#io = io;
  }

  /** The next line. `what` names it, as `Master password`. Throws {@link UsageError} when there is none. */
  async ask(what: string): Promise<string> {
    this.#open();
    const terminal = this.#isTerminal();
    if (terminal) this.#io.err(`${what}: `);
    const { done, value } = await this.#next!.next();
    if (terminal) this.#io.err('\n');
    if (done === true || value === '') throw new UsageError(`${what} is missing: type it at the terminal, or send it as a line of standard input.`);
    return value;
  }

  /** All that there is: a second line of standard input would be cut off unnoticed. Throws {@link UsageError}. */
  async askOnly(what: string): Promise<string> {
    const secret = await this.ask(what);
    if (this.#isTerminal()) return secret;
    const { done, value } = await this.#next!.next();
    if (done !== true && value !== '') throw new UsageError(`${what} has more than one line. Nothing was changed.`);
    return secret;
  }

  /** A new secret; at a terminal it is asked for twice, because nobody sees what is typed. */
  async askNew(what: string): Promise<string> {
    const secret = await this.ask(what);
    if (this.#isTerminal() && (await this.ask(`${what}, once more`)) !== secret) throw new UsageError('The two differ. Nothing was changed.');
    return secret;
  }

  /** Lets the process end. */
  close(): void {
    this.#lines?.close();
    this.#lines = null;
  }

  #open(): void {
    if (this.#lines !== null) return;
    const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
    this.#lines = createInterface({ input: this.#io.stdin(), output: silence, terminal: this.#isTerminal() });
    // At a terminal in raw mode Ctrl-C is a character; it means what it always means.
    this.#lines.on('SIGINT', () => this.#lines?.close());
    this.#next = this.#lines[Symbol.asyncIterator]();
  }

  #isTerminal(): boolean {
    const stdin: Readable & { readonly isTTY?: boolean } = this.#io.stdin();
    return stdin.isTTY === true;
  }
}
