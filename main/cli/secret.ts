import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { prepareDataDir } from '../config/data-dir.ts';
import { loadConfig } from '../config/load.ts';
import { SECRET_NAME } from '../config/secret-lines.ts';
import { SecretStore } from '../config/secret-store.ts';
import { secretView } from '../server/secret-calls.ts';
import type { SecretView } from '../../preload/contract.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError } from './input.ts';
import { SecretPrompt } from './secret-prompt.ts';
import { table } from './text.ts';

/** The store as the running core has it, with its environment; without one, the file itself. */
interface SecretDesk {
  readonly running: boolean;
  list(): Promise<readonly SecretView[]>;
  set(name: string, secret: string): Promise<SecretView>;
  remove(name: string): Promise<SecretView>;
}

/** `wheelhouse secret set`. */
export async function secretSet(context: CommandContext): Promise<number> {
  const { input, io, output } = context;
  const name = nameIn(input.argText('name'));
  const prompt = new SecretPrompt(io);
  try {
    const secret = await prompt.askOnly(`Value of ${name}`);
    const desk = await deskOf(context);
    const view = await desk.set(name, secret);
    output.result({ secret: view, running: desk.running }, `${name} is kept. ${whenItCounts(view, desk.running)}`);
  } finally {
    prompt.close();
  }
  return EXIT.ok;
}

/** `wheelhouse secret list`. */
export async function secretList(context: CommandContext): Promise<number> {
  const secrets = await (await deskOf(context)).list();
  const rows = secrets.map(({ name, from, stored, usedBy }) => [name, from === null ? 'not set' : 'set', `${from ?? ''}${from === 'environment' && stored ? ', before the file' : ''}`, usedBy.join(', ') || 'nothing']);
  context.output.result({ secrets }, table([['NAME', 'STATE', 'FROM', 'USED BY'], ...rows]));
  return EXIT.ok;
}

/** `wheelhouse secret remove`. */
export async function secretRemove(context: CommandContext): Promise<number> {
  const name = nameIn(context.input.argText('name'));
  const desk = await deskOf(context);
  const view = await desk.remove(name);
  context.output.result({ secret: view, running: desk.running }, `${name} is removed. ${whenItCounts(view, desk.running)}`);
  return EXIT.ok;
}

function whenItCounts({ name, from, effect }: SecretView, running: boolean): string {
  if (from === 'environment') return `The environment of Wheelhouse has another ${name}, which goes before: take it out there.`;
  if (!running) return 'It counts when Wheelhouse starts.';
  return { at_once: 'It counts at once.', next_run: 'It counts from the next run of an agent on.', restart: 'It counts after a restart of Wheelhouse.' }[effect];
}

/** Not repeated when it is none: it may be the secret itself. */
function nameIn(word: string): string {
  if (SECRET_NAME.test(word)) return word;
  if (word.includes('=')) throw new UsageError('Give the name alone, without = and the value: a secret never stands on the command line. It is asked for, or read from standard input.');
  throw new UsageError('The name of a secret has capital letters, digits and _ and begins with a letter, as ANU_BOT_TOKEN. See: wheelhouse secret list');
}

/**
 * Without a core the file is enough: a database is not needed for it, and a value that keeps Wheelhouse from starting can
 * be taken out.
 */
async function deskOf({ core, dataDir, io }: CommandContext): Promise<SecretDesk> {
  try {
    const opened = await core('running');
    return {
      running: true,
      list: async () => (await opened.call('secrets.list', {})).secrets,
      set: async (name, secret) => (await opened.call('secrets.set', { name, secret })).secret,
      remove: async (name) => (await opened.call('secrets.remove', { name })).secret,
    };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'NOT_RUNNING') throw error;
  }
  const warn = (line: string): void => io.err(`${line}\n`);
  prepareDataDir(dataDir, warn);
  const agentNames = loadConfig({ dataDir, env: io.env }).agents.credentials;
  const store = new SecretStore({ dataDir, env: io.env, agentNames, clock: systemClock, warn });
  return {
    running: false,
    list: async () => store.list().map(secretView),
    set: async (name, secret) => secretView(await store.set(name, secret)),
    remove: async (name) => secretView(await store.remove(name)),
  };
}
