import type { Input } from './input.ts';
import type { CliIo } from './io.ts';
import type { Output } from './output.ts';
import type { Core } from './core.ts';

/** An option of a command, as `--name`. */
export type OptionSpec = { readonly about: string } & (
  | { readonly kind: 'flag' }
  | { readonly kind: 'text'; readonly value: string; readonly required?: true }
  | { readonly kind: 'integer'; readonly value: string; readonly min: number; readonly max: number }
  /** Several numbers: `3,4` or the option repeated. */
  | { readonly kind: 'integers'; readonly value: string }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly required?: true }
);

/** Whether a command line without the option is wrong. */
export function isRequired(option: OptionSpec): boolean {
  return (option.kind === 'text' || option.kind === 'choice') && option.required === true;
}

/** How an option is written, as `--role ROLE`. */
export function optionUsage(name: string, option: OptionSpec): string {
  switch (option.kind) {
    case 'flag':
      return `--${name}`;
    case 'choice':
      return `--${name} ${option.choices.join('|')}`;
    default:
      return `--${name} ${option.value}`;
  }
}

/** A word after the command. Optional ones come last. */
export interface ArgSpec {
  readonly name: string;
  readonly about: string;
  readonly kind: 'text' | 'integer';
  readonly optional?: true;
}

/** What a command gets to work with. */
export interface CommandContext {
  readonly io: CliIo;
  readonly input: Input;
  readonly output: Output;
  /** Absolute path of the data directory. */
  readonly dataDir: string;
  /**
   * The running core. With `offline`, a command that makes sense without one works on the data directory itself;
   * otherwise NOT_RUNNING says how to start. The context closes it when the command ends.
   */
  readonly core: (mode: 'running' | 'offline') => Promise<Core>;
}

/** One command; its code is loaded when it is called. */
export interface CommandSpec {
  /** One or two words, as `agent add`. */
  readonly name: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** Further sentences for its own help. */
  readonly details?: string;
  readonly args: readonly ArgSpec[];
  /** What is said to a word too many, where repeating the word itself would show a secret. */
  readonly surplus?: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  /** Resolves with the exit code. */
  readonly load: () => Promise<(context: CommandContext) => Promise<number>>;
}

/** Options that every command takes. */
export const GLOBAL_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  json: { kind: 'flag', about: 'Print one JSON document instead of text.' },
  'data-dir': { kind: 'text', value: 'DIR', about: 'The data directory, instead of WAIAAS_DATA_DIR or ~/.waiaas.' },
  help: { kind: 'flag', about: 'Show the help of the command.' },
};
