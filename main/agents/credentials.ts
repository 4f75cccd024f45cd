import { readFileSync } from 'node:fs';
import { AppError } from '../base/errors.ts';

/** What an agent may be given when nobody configured more: the two ways to pay for the model (SEC-05 of seed 002). */
export const DEFAULT_CREDENTIALS: readonly string[] = ['CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_API_KEY'];

/** A place where secrets lie under names. */
export interface SecretSource {
  /** Null: it has no such secret. */
  get(name: string): string | null;
}

export interface CredentialsOptions {
  /** The names that agents may be given; everything else stays where it is. */
  readonly allowed: readonly string[];
  /** Asked in order; the first that has a name decides. */
  readonly sources: readonly SecretSource[];
}

/**
 * The credentials for a run. They are read at its start and go to stdin alone: never into arguments, the environment,
 * the database or a log.
 */
export function credentialsFor({ allowed, sources }: CredentialsOptions): Readonly<Record<string, string>> {
  const found = allowed.flatMap((name) => {
    const value = sources.map((source) => source.get(name)).find((secret) => secret !== null);
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** The environment that this process was started with. */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): SecretSource {
  return { get: (name) => env[name]?.trim() || null };
}

/**
 * A `.env` file, read anew each time. A missing one has no secrets; one that cannot be read throws DATA_DIR_UNUSABLE, so
 * that a run does not start without its key.
 */
export function envFileSecrets(file: string): SecretSource {
  return { get: (name) => parseEnvFile(readEnvFile(file)).get(name) ?? null };
}

function readEnvFile(file: string): string {
  try {
    return readFileSync(file, 'utf-8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT') return '';
    throw new AppError('DATA_DIR_UNUSABLE', `The credentials in ${file} cannot be read (${code}). Make it a file that you can read.`, { file, cause: code }, { cause: error });
  }
}

/**
 * `NAME=value` lines (nanoclaw reference §1.3): blank lines and `#` lines are skipped, one pair of quotes around a value
 * is taken off, an empty value counts as none, and `export ` before the name is allowed. The last line of a name wins.
 */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim().replace(/^export\s+/, '');
    const at = line.indexOf('=');
    if (line.startsWith('#') || at <= 0) continue;
    const value = unquote(line.slice(at + 1).trim());
    if (value !== '') values.set(line.slice(0, at).trim(), value);
  }
  return values;
}

function unquote(value: string): string {
  const quote = value[0];
  return value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote) ? value.slice(1, -1) : value;
}
