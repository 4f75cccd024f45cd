import type { CliIo } from './io.ts';

/** Where results go: text for people, or with `--json` documents for programs. Never a secret that was not asked for. */
export class Output {
  readonly #io: CliIo;
  readonly json: boolean;

  constructor(io: CliIo, json: boolean) {
    this.#io = io;
    this.json = json;
  }

  /** The result of a command: the value as JSON, or its text. */
  result(value: unknown, text: string): void {
    this.#io.out(this.json ? `${JSON.stringify(value)}\n` : `${text}\n`);
  }

  /** A remark for people, which never mixes with the result. */
  note(text: string): void {
    this.#io.err(`${text}\n`);
  }
}
