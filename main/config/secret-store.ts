import type { Clock } from '../base/clock.ts';
import { Emitter, type Unsubscribe } from '../base/emitter.ts';
import { AppError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { SecretMask } from '../base/secret-mask.ts';
import type { Environment } from './load.ts';
import type { Secrets } from './schema.ts';
import { changeSecretFile, readSecretFile, secretFile, type WarnOfMode } from './secret-file.ts';
import { parseSecretLines, SECRET_NAME, valueProblem, withoutSecretLine, withSecretLine } from './secret-lines.ts';
import { isOwnName, loadSecrets, SECRET_NAMES, secretRow, type SecretEffect, type SecretUser } from './secrets.ts';

/** The longest value, in bytes. */
export const MAX_SECRET_BYTES = 16_384;

/** How one secret stands; never its value. */
export interface SecretStanding {
  readonly name: string;
  /** Where its value comes from; null: it is not set. */
  readonly from: 'environment' | 'file' | null;
  /** Whether the file has it, also where the environment goes before. */
  readonly stored: boolean;
  /** Empty: nothing uses it. */
  readonly usedBy: readonly SecretUser[];
  readonly effect: SecretEffect;
}

export interface SecretStoreOptions {
  readonly dataDir: string;
  readonly env: Environment;
  /** What agents may be given, as `[agents] credentials` names it. */
  readonly agentNames: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  readonly warn: WarnOfMode;
}

/**
 * The one place where secrets come from: the environment, else the file `.env` of the data directory, as everywhere in the
 * configuration (DESIGN §16). The file is read anew each time, so that it may also be edited by hand.
 */
export class SecretStore {
  readonly file: string;
  readonly #options: SecretStoreOptions;
  readonly #changes: Emitter<string>;
  /** Every value that was ever read: an old one is still no business of the log. */
  readonly #seen = new Set<string>();
  #mask = new SecretMask([]);

  constructor(options: SecretStoreOptions) {
    this.file = secretFile(options.dataDir);
    this.#options = options;
    this.#changes = new Emitter<string>((error) => {
      throw error;
    });
  }

  /** The value; null when it is not set. Throws SECRET_FILE_REFUSED. */
  get(name: string): string | null {
    return this.#lookUp(name, this.#read()).value;
  }

  /** The secrets of Wheelhouse itself. Throws SECRET_FILE_REFUSED, CONFIG_INVALID. */
  values(): Secrets {
    return this.#checked(this.#read());
  }

  /** Every secret that something uses, then whatever else lies in the file. Throws SECRET_FILE_REFUSED. */
  list(): readonly SecretStanding[] {
    const stored = this.#read();
    return [...new Set([...this.#known(), ...stored.keys()])].map((name) => this.#standing(name, stored));
  }

  /** Keeps a value. Rejects with INPUT_INVALID for a name that nothing uses or a value that cannot be it, SECRET_FILE_REFUSED. */
  async set(name: string, value: string): Promise<SecretStanding> {
    this.#assertUsed(name);
    const problem = valueProblem(value, MAX_SECRET_BYTES);
    if (problem !== null) throw invalid('secret', `The value for ${name} ${problem}.`);
    const wrong = secretRow(name)?.problem(value.trim()) ?? null;
    if (wrong !== null) throw invalid('secret', wrong);
    await this.#change(name, (text) => withSecretLine(text, name, value));
    return this.#standing(name, this.#read());
  }

  /** Takes a value out of the file. Rejects with NOT_FOUND when it is not there, SECRET_FILE_REFUSED. */
  async remove(name: string): Promise<SecretStanding> {
    await this.#change(name, (text) => {
      const rest = withoutSecretLine(text, name);
      // What was typed may be a secret in the wrong place, so only a name is repeated.
      if (rest === text) throw new AppError('NOT_FOUND', `The secret store has no ${SECRET_NAME.test(name) ? name : 'such name'}. See: wheelhouse secret list`);
      return rest;
    });
    return this.#standing(name, this.#read());
  }

  /** Hears the name of every secret that is changed through this store. */
  onChange(listener: (name: string) => void): Unsubscribe {
    return this.#changes.on(listener);
  }

  /** The text without any value that was read so far, for the log. */
  hide(text: string): string {
    return this.#mask.hide(text);
  }

  async #change(name: string, edit: (text: string) => string): Promise<void> {
    const { warn, clock } = this.#options;
    const change = (text: string): string => {
      const after = edit(text);
      // A store in which something else is wrong would not let Wheelhouse start.
      this.#checked(parseSecretLines(after));
      return after;
    };
    await changeSecretFile({ file: this.file, change, now: clock.now(), warn });
    this.#read();
    this.#changes.emit(name);
  }

  #checked(stored: ReadonlyMap<string, string>): Secrets {
    return loadSecrets(Object.fromEntries(SECRET_NAMES.map((name) => [name, this.#lookUp(name, stored).value ?? ''])));
  }

  #read(): ReadonlyMap<string, string> {
    const { warn } = this.#options;
    const stored = parseSecretLines(readSecretFile(this.file, warn));
    const known = this.#known();
    const values = known.flatMap((name) => [this.#options.env[name]?.trim() ?? '', stored.get(name) ?? '']).filter((value) => value !== '' && !this.#seen.has(value));
    if (values.length > 0) {
      for (const value of values) this.#seen.add(value);
      this.#mask = new SecretMask(this.#seen);
    }
    return stored;
  }

  #known(): readonly string[] {
    return [...new Set([...SECRET_NAMES, ...this.#options.agentNames])];
  }

  #lookUp(name: string, stored: ReadonlyMap<string, string>): { readonly value: string | null; readonly from: SecretStanding['from'] } {
    const given = this.#options.env[name]?.trim() ?? '';
    if (given !== '' && given !== `\${${name}}`) return { value: given, from: 'environment' };
    const value = stored.get(name) ?? null;
    return { value, from: value === null ? null : 'file' };
  }

  #standing(name: string, stored: ReadonlyMap<string, string>): SecretStanding {
    const row = secretRow(name);
    const forAgents = this.#options.agentNames.includes(name);
    return { name, from: this.#lookUp(name, stored).from, stored: stored.has(name), usedBy: row?.usedBy ?? (forAgents ? ['agents'] : []), effect: row?.effect ?? 'next_run' };
  }

  #assertUsed(name: string): void {
    const known = this.#known();
    if (known.includes(name)) return;
    if (!SECRET_NAME.test(name)) throw invalid('name', 'The name of a secret has capital letters, digits and _ and begins with a letter, as ANU_BOT_TOKEN.');
    if (isOwnName(name)) throw invalid('name', `${name} is no secret of the store; docs/configuration.md says where it belongs.`);
    const guess = nearest(name, known);
    throw invalid('name', `Nothing uses a secret ${name}. ${guess === null ? `Known: ${known.join(', ')}.` : `Did you mean ${guess}?`} For agents, name it in [agents] credentials first and start again.`);
  }
}

function invalid(field: string, message: string): AppError {
  return new AppError('INPUT_INVALID', message, { field });
}
