import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopbackHost } from '../base/loopback.ts';
import { nearest } from '../base/nearest.ts';
import { isOwnName } from './secrets.ts';
import { configInvalid, type ConfigProblem, type Origin } from './problems.ts';
import { defaultConfig, SCHEMA, settingRows, type Config } from './schema.ts';
import { parseTomlDocument, TomlSyntaxError, type TomlDocument } from './toml-document.ts';

/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadConfigOptions {
  readonly dataDir: string;
  readonly env: Environment;
}

/** Names with the prefix that are no settings; other parts of the product read them. */
const SPECIAL_NAMES: ReadonlySet<string> = new Set([
  'WAIAAS_DATA_DIR',
  'WAIAAS_MASTER_PASSWORD',
  'WAIAAS_MASTER_PASSWORD_FILE',
  'WAIAAS_SESSION_TOKEN',
  'WAIAAS_BASE_URL',
]);
/** A name of seed 003 for a setting; the name by the rule wins over it. */
const OTHER_NAMES: Readonly<Record<string, string>> = { COKACDIR_CHAT_ID: 'notify.telegram_chat' };
const PREFIX = 'WAIAAS_';
const LONGEST_SHOWN_VALUE = 60;

/** Where the settings file of a data directory is. */
export function configFile(dataDir: string): string {
  return join(dataDir, 'config.toml');
}

/**
 * The configuration: defaults, over them config.toml, over that the environment (DESIGN §16). An empty variable counts
 * as unset. Throws CONFIG_INVALID that lists every broken rule with file and line or variable, key and allowed values.
 */
export function loadConfig({ dataDir, env }: LoadConfigOptions): Config {
  const loading = new Loading();
  loading.readFile(configFile(dataDir));
  loading.readEnvironment(env);
  return loading.finish();
}

/** As {@link loadConfig}, for the text of a config.toml that is not in its place (yet); `file` is for messages. */
export function parseConfig(text: string, file: string, env: Environment): Config {
  const loading = new Loading();
  loading.readText(text, file);
  loading.readEnvironment(env);
  return loading.finish();
}

/** What the text alone says, key by key; rules over several keys are not asked. Throws CONFIG_INVALID. */
export function parseSettings(text: string, file: string): Config {
  const loading = new Loading();
  loading.readText(text, file);
  return loading.values();
}

class Loading {
  readonly #rows = new Map(settingRows().map((row) => [row.name, row]));
  readonly #values = new Map<string, { readonly value: unknown; readonly origin: Origin }>();
  readonly #problems: ConfigProblem[] = [];

  readFile(file: string): void {
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return;
      const cure = code === 'EISDIR' ? 'It must be a file.' : 'Make it readable for you, or move it away to start with the defaults.';
      this.#problems.push({ origin: null, key: '', message: `${file} cannot be read (${code ?? String(error)}). ${cure}` });
      return;
    }
    try {
      this.readText(new TextDecoder('utf-8', { fatal: true }).decode(bytes), file);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#problems.push({ origin: null, key: '', message: `${file} is not UTF-8 text. Save it as UTF-8.` });
    }
  }

  readText(text: string, file: string): void {
    let document: TomlDocument;
    try {
      document = parseTomlDocument(text);
    } catch (error) {
      if (!(error instanceof TomlSyntaxError)) throw error;
      this.#problems.push({ origin: { file, line: error.line }, key: '', message: `not valid TOML: ${error.message}.` });
      return;
    }
    for (const statement of document.statements) {
      const origin = { file, line: statement.first + 1 };
      for (const name of statement.strays) this.#refuseStray(name, origin);
      for (const section of statement.sections) if (!Object.hasOwn(SCHEMA, section)) this.#refuseSection(section, origin);
      for (const { section, key, value } of statement.settings) {
        if (Object.hasOwn(SCHEMA, section)) this.#take(`${section}.${key}`, value, origin);
      }
    }
  }

  readEnvironment(env: Environment): void {
    const rows = new Map([...this.#rows.values()].map((row) => [row.env, row]));
    for (const [variable, name] of Object.entries(OTHER_NAMES)) {
      const text = env[variable] ?? '';
      if (text !== '') this.#take(name, this.#rows.get(name)!.setting.type.fromText(text), { variable });
    }
    for (const [variable, text] of Object.entries(env)) {
      if (!variable.startsWith(PREFIX) || SPECIAL_NAMES.has(variable) || text === undefined || text === '') continue;
      const row = rows.get(variable);
      if (row) this.#take(row.name, row.setting.type.fromText(text), { variable });
      else this.#refuseVariable(variable, [...rows.keys(), ...SPECIAL_NAMES]);
    }
  }

  finish(): Config {
    const config = this.values();
    this.#checkTogether(config);
    this.#complain();
    return config;
  }

  values(): Config {
    this.#complain();
    const config = structuredClone(defaultConfig()) as unknown as Record<string, Record<string, unknown>>;
    for (const [name, { value }] of this.#values) {
      const row = this.#rows.get(name)!;
      config[row.section]![row.key] = value;
    }
    return config as unknown as Config;
  }

  #complain(): void {
    if (this.#problems.length > 0) throw configInvalid(this.#problems);
  }

  #take(name: string, raw: unknown, origin: Origin): void {
    const row = this.#rows.get(name);
    if (!row) {
      this.#refuseKey(name, origin);
      return;
    }
    const value = row.setting.type.check(raw);
    if (value === undefined) this.#problems.push({ origin, key: name, message: `${name} must be ${row.setting.type.accepts}; it is ${show(raw)}.` });
    else this.#values.set(name, { value, origin });
  }

  /** Rules over more than one key; they make sense only when each key is right. */
  #checkTogether(config: Config): void {
    const { host, allow_remote } = config.server;
    if (!isLoopbackHost(host) && !allow_remote) {
      this.#refuse('server.host', `server.host = "${host}" lets other machines connect, which needs server.allow_remote = true (and TLS in front of it).`);
    }
    const { runner, allow_process_runner, process_command } = config.agents;
    if (runner === 'process' && !allow_process_runner) {
      this.#refuse('agents.runner', 'agents.runner = "process" isolates nothing: agents may do whatever you may. It needs agents.allow_process_runner = true.');
    }
    if (runner === 'process' && process_command.length === 0) {
      this.#refuse('agents.runner', 'agents.runner = "process" needs agents.process_command, as ["node", "/path/to/agent.mjs"].');
    }
    const own = config.agents.credentials.filter(isOwnName);
    if (own.length > 0) {
      this.#refuse('agents.credentials', `agents.credentials names ${own.join(', ')}, which ${own.length === 1 ? 'belongs' : 'belong'} to Wheelhouse itself; no agent is given that. Take it out, and keep what the agent needs under another name.`);
    }
    const { roles, coordinator } = config.bus;
    if (!roles.includes(coordinator)) {
      this.#refuse('bus.coordinator', `bus.coordinator must be one of bus.roles (${roles.join(', ')}); it is "${coordinator}".`);
    }
  }

  #refuse(key: string, message: string): void {
    this.#problems.push({ origin: this.#values.get(key)?.origin ?? null, key, message });
  }

  #refuseKey(name: string, origin: Origin): void {
    const [section = '', ...rest] = name.split('.');
    const key = rest.join('.');
    const rows = [...this.#rows.values()];
    const keys = rows.filter((row) => row.section === section).map((row) => row.key);
    const near = nearest(key, keys);
    const guess = near ? `${section}.${near}` : rows.find((row) => row.key === key)?.name;
    const hint = guess ? `Did you mean ${guess}?` : `Keys of [${section}]: ${keys.join(', ')}.`;
    this.#problems.push({ origin, key: name, message: `${name} is not a setting. ${hint}` });
  }

  #refuseSection(section: string, origin: Origin): void {
    const guess = nearest(section, Object.keys(SCHEMA));
    const hint = guess ? `Did you mean [${guess}]?` : `Sections: ${Object.keys(SCHEMA).join(', ')}.`;
    this.#problems.push({ origin, key: section, message: `[${section}] is not a section. ${hint}` });
  }

  #refuseStray(name: string, origin: Origin): void {
    const row = [...this.#rows.values()].find(({ key }) => key === name);
    const hint = row ? `Put it under [${row.section}].` : `Settings stand under one of: ${Object.keys(SCHEMA).join(', ')}.`;
    this.#problems.push({ origin, key: name, message: `${name} stands outside of every section. ${hint}` });
  }

  #refuseVariable(variable: string, known: readonly string[]): void {
    const guess = nearest(variable, known);
    const hint = guess ? `Did you mean ${guess}?` : 'Names are WAIAAS_<SECTION>_<KEY>; docs/configuration.md lists them.';
    this.#problems.push({ origin: { variable }, key: variable, message: `there is no such setting. ${hint}` });
  }
}

function show(value: unknown): string {
  if (value instanceof Date) return 'a date';
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'a table';
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return shown.length > LONGEST_SHOWN_VALUE ? `${shown.slice(0, LONGEST_SHOWN_VALUE)}…` : shown;
}
