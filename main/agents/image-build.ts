/** How far a build of the image is. */
export interface BuildProgress {
  /** From 1; 0 before the first. */
  readonly step: number;
  /** 0: not known yet. */
  readonly steps: number;
  /** What the engine said last. */
  readonly line: string;
}

/** What an engine sends while it builds: one JSON document per line. */
interface BuildMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly error?: string;
}

/** A line longer than this is no message. */
const LONGEST_MESSAGE = 1 << 20;
const KEPT_LINES = 20;
/** Docker writes `Step 1/9 : FROM …`, Podman `STEP 1/9: FROM …`. */
const STEP = /^step (\d+)\/(\d+)\s*:/i;

/** Reads the answer of an engine to a build while it comes. */
export class BuildReader {
  #rest = '';
  #progress: BuildProgress = { step: 0, steps: 0, line: '' };
  #error: string | null = null;
  readonly #last: string[] = [];

  /** Takes the next piece of text and returns the lines that it finished, for people. */
  push(text: string): string[] {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop()!.slice(0, LONGEST_MESSAGE);
    return lines.flatMap((line) => this.#read(line));
  }

  get progress(): BuildProgress {
    return this.#progress;
  }

  /** Why it failed, with the last lines before that; null while it has not. */
  get failure(): string | null {
    if (this.#error === null) return null;
    return [...this.#last.slice(-5), this.#error].join('\n');
  }

  #read(line: string): string[] {
    let message: BuildMessage;
    try {
      message = JSON.parse(line) as BuildMessage;
    } catch {
      return [];
    }
    if (typeof message.error === 'string') this.#error = message.error.trim();
    const said = (message.stream ?? (message.status === undefined ? '' : `${message.id === undefined ? '' : `${message.id}: `}${message.status}`)).split('\n');
    const shown = said.map((text) => text.trim()).filter((text) => text !== '');
    for (const text of shown) {
      const step = STEP.exec(text);
      this.#progress = { step: step === null ? this.#progress.step : Number(step[1]), steps: step === null ? this.#progress.steps : Number(step[2]), line: text };
      this.#last.push(text);
      if (this.#last.length > KEPT_LINES) this.#last.shift();
    }
    return shown;
  }
}

/** What usually stands behind a failed build, from what the engine said; empty when it is anybody's guess. */
export function buildHint(failure: string): string {
  if (/no space left/i.test(failure)) return 'The disk of the engine is full: free some space.';
  if (/(registry|pull|dial tcp|lookup|resolve|timeout|network|EAI_AGAIN|ENOTFOUND|certificate)/i.test(failure)) {
    return 'The build fetches a base image and packages: look at the network of this machine, and at a proxy or a firewall.';
  }
  return '';
}
