import { parseArgs } from 'node:util';
import { nearest } from '../base/nearest.ts';
import { GLOBAL_OPTIONS, isRequired, optionUsage, type ArgSpec, type CommandSpec, type OptionSpec } from './command.ts';

/** The command line is wrong; the message names the word, the rule and the cure. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Value = string | number | boolean | readonly number[];

/** The checked words of one command line. Asking for a name that the command does not declare is a bug and throws. */
export class Input {
  readonly #spec: Pick<CommandSpec, 'args' | 'options'>;
  readonly #options: ReadonlyMap<string, Value>;
  readonly #args: ReadonlyMap<string, Value>;

  constructor(spec: Pick<CommandSpec, 'args' | 'options'>, options: ReadonlyMap<string, Value>, args: ReadonlyMap<string, Value>) {
    this.#spec = spec;
    this.#options = options;
    this.#args = args;
  }

  flag(name: string): boolean {
    return this.#option(name, 'flag') === true;
  }

  text(name: string): string | undefined {
    return this.#option(name, 'text') as string | undefined;
  }

  integer(name: string): number | undefined {
    return this.#option(name, 'integer') as number | undefined;
  }

  integers(name: string): readonly number[] | undefined {
    return this.#option(name, 'integers') as readonly number[] | undefined;
  }

  /** `choices` are those that the command declares. */
  choice<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#option(name, 'choice');
    return choices.find((choice) => choice === value);
  }

  /** A word after the command. */
  argText(name: string): string {
    return this.#arg(name, 'text') as string;
  }

  /** A word after the command that may be left out. */
  optionalArg(name: string): string | undefined {
    return this.#arg(name, 'text') as string | undefined;
  }

  argInteger(name: string): number {
    return this.#arg(name, 'integer') as number;
  }

  #option(name: string, kind: OptionSpec['kind']): Value | undefined {
    const spec = this.#spec.options[name] ?? GLOBAL_OPTIONS[name];
    if (spec?.kind !== kind) throw new Error(`the command declares no ${kind} --${name}`);
    return this.#options.get(name);
  }

  #arg(name: string, kind: ArgSpec['kind']): Value | undefined {
    if (!this.#spec.args.some((arg) => arg.name === name && arg.kind === kind)) throw new Error(`the command declares no ${kind} ${name}`);
    return this.#args.get(name);
  }
}

/** Checks the words of a command line against what the command declares. Throws {@link UsageError}. */
export function parseInput(spec: Pick<CommandSpec, 'name' | 'args' | 'options' | 'surplus'>, words: readonly string[]): Input {
  const options = { ...GLOBAL_OPTIONS, ...spec.options };
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [name, { type: option.kind === 'flag' ? ('boolean' as const) : ('string' as const), ...(name === 'help' && { short: 'h' }) }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, Value>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) throw unknownOption(token.rawName, options);
    values.set(token.name, readOption(token.name, option, token.value, token.inlineValue === true, values.get(token.name)));
  }
  const help = values.get('help') === true;
  const args = help ? new Map<string, Value>() : readArgs(spec, positionals);
  for (const [name, option] of Object.entries(spec.options)) {
    if (!help && isRequired(option) && !values.has(name)) throw new UsageError(`\`${spec.name}\` needs ${optionUsage(name, option)}: ${option.about}`);
  }
  return new Input(spec, values, args);
}

function unknownOption(rawName: string, options: Readonly<Record<string, OptionSpec>>): UsageError {
  const known = Object.keys(options).map((name) => `--${name}`);
  const guess = nearest(rawName, known);
  return new UsageError(`There is no option ${rawName} here. ${guess === null ? `Options: ${known.join(', ')}.` : `Did you mean ${guess}?`}`);
}

function readOption(name: string, option: OptionSpec, text: string | undefined, inline: boolean, before: Value | undefined): Value {
  if (option.kind === 'flag') {
    if (text !== undefined) throw new UsageError(`--${name} takes no value.`);
    return true;
  }
  if (text === undefined || (!inline && text.startsWith('--'))) throw new UsageError(`--${name} needs a value: ${option.about}`);
  switch (option.kind) {
    case 'text':
      return text;
    case 'integer':
      return readInteger(`--${name}`, text, option.min, option.max);
    case 'integers':
      return [...((before as readonly number[] | undefined) ?? []), ...text.split(',').map((part) => readInteger(`--${name}`, part.trim(), 1))];
    case 'choice': {
      if (option.choices.includes(text)) return text;
      const guess = nearest(text, option.choices);
      throw new UsageError(`--${name} is one of ${option.choices.join(', ')}; it is "${text}".${guess === null ? '' : ` Did you mean ${guess}?`}`);
    }
  }
}

function readInteger(what: string, text: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`;
  throw new UsageError(`${what} is ${range}; it is "${text}".`);
}

function readArgs(spec: Pick<CommandSpec, 'name' | 'args' | 'surplus'>, words: readonly string[]): Map<string, Value> {
  const surplus = words[spec.args.length];
  if (surplus !== undefined && spec.surplus !== undefined) throw new UsageError(spec.surplus);
  if (surplus !== undefined) {
    const advice = spec.args.some((arg) => arg.kind === 'text') ? ' Put words with spaces into quotes.' : '';
    throw new UsageError(`"${surplus}" is one word too many for \`${spec.name}\`.${advice}`);
  }
  const values = new Map<string, Value>();
  spec.args.forEach((arg, at) => {
    const word = words[at];
    if (word === undefined) {
      if (!arg.optional) throw new UsageError(`\`${spec.name}\` needs ${arg.name.toUpperCase()}: ${arg.about}`);
      return;
    }
    values.set(arg.name, arg.kind === 'integer' ? readInteger(arg.name.toUpperCase(), word, 1) : word);
  });
  return values;
}
