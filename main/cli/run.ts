import { AppError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { resolveDataDir } from '../config/data-dir.ts';
import { GLOBAL_OPTIONS, type CommandSpec } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { Core } from './core.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { commandHelp, groupHelp, overview } from './help.ts';
import { findInstallation } from './installation.ts';
import { parseInput, UsageError, type Input } from './input.ts';
import type { CliIo } from './io.ts';
import { Output } from './output.ts';

/** Runs one command line and returns its exit code. Only a bug makes it reject. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const json = argv.includes('--json');
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof UsageError) return fail(io, json, EXIT.usage, 'USAGE', error.message, {});
    if (error instanceof AppError) return fail(io, json, exitCodeOf(error), error.code, error.message, error.details);
    throw error;
  }
}

async function dispatch(argv: readonly string[], io: CliIo): Promise<number> {
  const { words, rest } = commandWords(argv);
  if (words.length === 0) return withoutCommand(rest, io);
  const name = words.join(' ');
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    if (rest.includes('--help') || rest.includes('-h')) return say(io, groupHelp(name));
    throw new UsageError(`\`${name}\` needs one more word:\n${groupHelp(name)}`);
  }
  const input = parseInput(command, rest);
  return input.flag('help') ? say(io, commandHelp(command)) : runCommand(command, input, io);
}

async function runCommand(command: CommandSpec, input: Input, io: CliIo): Promise<number> {
  const chosen = input.text('data-dir');
  // One resolver for the whole process: token files look at the same variable (DESIGN §6).
  if (chosen !== undefined) io.env['WAIAAS_DATA_DIR'] = chosen;
  const dataDir = resolveDataDir(io.env);
  const opened: Core[] = [];
  try {
    const run = await command.load();
    return await run({
      io,
      input,
      output: new Output(io, input.flag('json')),
      dataDir,
      async core(mode) {
        const { openCore } = await import('./core.ts');
        const core = await openCore({ dataDir, mode, env: io.env, warn: (text) => io.err(`${text}\n`) });
        opened.push(core);
        return core;
      },
    });
  } finally {
    for (const core of opened) await core.close();
  }
}

/** The leading words that name a command or a group; options for every command may stand among them. */
function commandWords(argv: readonly string[]): { readonly words: string[]; readonly rest: string[] } {
  const words: string[] = [];
  const rest: string[] = [];
  let at = 0;
  for (; at < argv.length; at += 1) {
    const word = argv[at]!;
    const option = Object.entries(GLOBAL_OPTIONS).find(([name]) => word === `--${name}` || word.startsWith(`--${name}=`))?.[1];
    if (option !== undefined) {
      rest.push(word);
      if (option.kind !== 'flag' && !word.includes('=') && at + 1 < argv.length) rest.push(argv[(at += 1)]!);
    } else if (isStartOfCommand([...words, word])) words.push(word);
    else break;
  }
  return { words, rest: [...rest, ...argv.slice(at)] };
}

function isStartOfCommand(words: readonly string[]): boolean {
  const start = words.join(' ');
  return COMMANDS.some(({ name }) => name === start || name.startsWith(`${start} `));
}

function withoutCommand(rest: readonly string[], io: CliIo): number {
  const [first, ...more] = rest.filter((word) => word !== '--json');
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const topic = more.join(' ');
    const command = COMMANDS.find(({ name }) => name === topic);
    if (command !== undefined) return say(io, commandHelp(command));
    if (topic !== '') throw unknownCommand(topic);
    return say(io, overview());
  }
  if (first === '--version' || first === '-V' || first === 'version') {
    const { version } = findInstallation();
    return say(io, rest.includes('--json') ? JSON.stringify({ version }) : version);
  }
  throw first.startsWith('-') ? new UsageError(`${first} needs a command before it. \`wheelhouse help\` lists them.`) : unknownCommand(first);
}

function unknownCommand(word: string): UsageError {
  const guess = nearest(word, [...COMMANDS.map(({ name }) => name), ...COMMANDS.map(({ name }) => name.split(' ')[0]!)]);
  return new UsageError(`There is no command \`${word}\`. ${guess === null ? '`wheelhouse help` lists them.' : `Did you mean \`wheelhouse ${guess}\`?`}`);
}

function say(io: CliIo, text: string): number {
  io.out(`${text}\n`);
  return EXIT.ok;
}

function fail(io: CliIo, json: boolean, exit: number, code: string, message: string, details: unknown): number {
  io.err(json ? `${JSON.stringify({ error: { code, message, details } })}\n` : `${message}\n`);
  return exit;
}
