import { StringDecoder } from 'node:string_decoder';
import type { RunOutput } from './types.ts';

/** The lines between which an agent puts one JSON document for us (RUNNER-01 of seed 002). */
export const OUTPUT_START = '---NANOCLAW_OUTPUT_START---';
export const OUTPUT_END = '---NANOCLAW_OUTPUT_END---';

/** What stood between two markers: a document, or why it is none. */
export type OutputBlock = { readonly ok: true; readonly output: RunOutput } | { readonly ok: false; readonly problem: string };

const LONGEST_MARKER = Math.max(OUTPUT_START.length, OUTPUT_END.length);
const LONGEST_SHOWN = 200;

/**
 * Finds the documents in the standard output of an agent while it is printed, whatever the sizes of the chunks are.
 *
 * A marker counts where it ends a line, so that an answer which quotes one inside its JSON is left alone, and text that a
 * tool printed without a line break before it does no harm. A second START begins anew: what came before it had no end.
 * Keeps at most `maxLength` characters of an open block and some tens outside of one.
 */
export class OutputParser {
  readonly #maxLength: number;
  readonly #decoder = new StringDecoder('utf8');
  /** The line that is not finished yet; outside of a block only its last characters. */
  #line = '';
  /** The finished lines of the open block; null outside of one. */
  #block: string | null = null;
  /** The open block has become too large: it is only waited for its end. */
  #overflown = false;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Takes the next bytes and returns the blocks that they finished, in order. */
  push(chunk: Uint8Array): OutputBlock[] {
    return this.#take(this.#decoder.write(chunk));
  }

  /** The output is over: an END that no line break follows counts too, and a block without END is reported. */
  finish(): OutputBlock[] {
    const blocks = this.#take(`${this.#decoder.end()}\n`);
    if (this.#block !== null) blocks.push(this.#close('the output ended before the end marker'));
    return blocks;
  }

  #take(text: string): OutputBlock[] {
    const blocks: OutputBlock[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#extend(text.slice(from, end));
      this.#endLine(blocks);
      from = end + 1;
    }
    this.#extend(text.slice(from));
    return blocks;
  }

  #extend(part: string): void {
    this.#line += part;
    // A marker with its carriage return and the spaces after it must still fit.
    const keep = this.#block === null || this.#overflown ? 2 * LONGEST_MARKER : this.#maxLength + 2 * LONGEST_MARKER;
    if (this.#line.length <= keep) return;
    if (this.#block !== null) this.#overflown = true;
    this.#line = this.#line.slice(-2 * LONGEST_MARKER);
  }

  #endLine(blocks: OutputBlock[]): void {
    const line = this.#line.trimEnd();
    this.#line = '';
    if (line.endsWith(OUTPUT_START)) {
      if (this.#block !== null) blocks.push(this.#close('another start marker came before the end marker'));
      this.#block = '';
      return;
    }
    if (this.#block === null) return;
    if (line.endsWith(OUTPUT_END)) {
      this.#append(line.slice(0, -OUTPUT_END.length));
      blocks.push(this.#close(null));
    } else {
      this.#append(`${line}\n`);
    }
  }

  #append(text: string): void {
    if (this.#overflown) return;
    if (this.#block!.length + text.length > this.#maxLength) this.#overflown = true;
    else this.#block += text;
  }

  #close(problem: string | null): OutputBlock {
    const text = this.#block ?? '';
    const overflown = this.#overflown;
    this.#block = null;
    this.#overflown = false;
    if (problem !== null) return { ok: false, problem: `A block of output was dropped: ${problem}.` };
    if (overflown) return { ok: false, problem: `A block of output was dropped: it is longer than ${this.#maxLength} characters.` };
    return readOutput(text);
  }
}

/** Reads one document. A result that is not text is handed on as JSON, as agents of other makers print it. */
function readOutput(text: string): OutputBlock {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return broken('it is not JSON', text);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return broken('it is not a JSON object', text);
  const { status, result, newSessionId, error, cause } = value as Record<string, unknown>;
  if (status !== 'success' && status !== 'error') return broken('its status is neither "success" nor "error"', text);
  return {
    ok: true,
    output: {
      status,
      result: result === undefined || result === null ? null : typeof result === 'string' ? result : JSON.stringify(result),
      ...(typeof newSessionId === 'string' && newSessionId !== '' ? { newSessionId } : {}),
      ...(typeof error === 'string' && error !== '' ? { error } : {}),
      ...(cause === 'out_of_memory' ? { cause } : {}),
    },
  };
}

function broken(why: string, text: string): OutputBlock {
  const shown = text.trim();
  return { ok: false, problem: `A block of output was dropped: ${why}: ${shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}…` : shown}` };
}
