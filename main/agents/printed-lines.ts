import { StringDecoder } from 'node:string_decoder';
import type { SecretMask } from '../base/secret-mask.ts';

/** A line without a break is handed on in pieces of about this size. */
const LONGEST_LINE = 64 * 1024;

/** Turns bytes into whole lines of bounded length in which no secret stands, whatever the chunks are. */
export class PrintedLines {
  readonly #mask: SecretMask;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(mask: SecretMask) {
    this.#mask = mask;
  }

  /** The lines that `chunk` finished, each with its `\n`; empty when there is none. */
  push(chunk: Uint8Array): string {
    const text = this.#rest + this.#decoder.write(chunk);
    const end = text.lastIndexOf('\n') + 1;
    const lines = end === 0 ? '' : this.#mask.hide(text.slice(0, end)).replaceAll('\r\n', '\n');
    this.#rest = text.slice(end);
    if (this.#rest.length <= LONGEST_LINE + this.#mask.longest) return lines;
    // A secret that is only half there is kept back until the other half has come.
    const shown = this.#mask.hide(this.#rest);
    const at = shown.length - this.#mask.longest;
    this.#rest = shown.slice(at);
    return `${lines}${shown.slice(0, at)}\n`;
  }

  /** What is left when the output is over, as a line. */
  finish(): string {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? '' : `${this.#mask.hide(rest)}\n`;
  }
}
