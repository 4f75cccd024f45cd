import { readFileSync, realpathSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'smol-toml';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { configFile, parseConfig, parseSettings, type Environment } from './load.ts';
import { configInvalid } from './problems.ts';
import { settingRows, type Config, type ConfigChanges } from './schema.ts';
import { editToml, type TomlChange } from './toml-edit.ts';

/**
 * Writes changed settings into config.toml, where comments and all other lines stay as they are. Resolves to the
 * configuration that the file gives now, before the environment is laid over it; `env` is only for rules over several
 * keys. Rejects with CONFIG_INVALID, and leaves the file alone, when a value is not allowed or the file was already wrong.
 */
export async function writeSettings(dataDir: string, changes: ConfigChanges, env: Environment = {}): Promise<Config> {
  const file = realPath(configFile(dataDir));
  const before = readIfThere(file);
  const expected = merged(parseSettings(before, file), changes);
  const after = editToml(before, toChanges(changes));
  const config = parseSettings(after, file);
  if (!isDeepStrictEqual(config, expected)) throw new Error(`editing ${file} would have changed other settings`);
  parseConfig(after, file, env);
  if (after !== before) await writeFileAtomic(file, after, { mode: 0o600 });
  return config;
}

function merged(config: Config, changes: ConfigChanges): Config {
  const sections = Object.entries(config).map(([section, keys]) => [section, { ...keys, ...changes[section as keyof Config] }]);
  return Object.fromEntries(sections) as Config;
}

/** A linked settings file stays a link; what it leads to is replaced. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return file;
    throw error;
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf-8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function toChanges(changes: ConfigChanges): readonly TomlChange[] {
  const rows = new Map(settingRows().map((row) => [row.name, row]));
  return Object.entries(changes).flatMap(([section, keys]) =>
    Object.entries(keys).map(([key, value]) => {
      const name = `${section}.${key}`;
      const row = rows.get(name);
      if (!row) throw configInvalid([{ origin: null, key: name, message: `${name} is not a setting.` }]);
      const toml = row.setting.type.toToml(value);
      if (row.setting.type.check(parse(`value = ${toml}`)['value']) === undefined) {
        throw configInvalid([{ origin: null, key: name, message: `${name} must be ${row.setting.type.accepts}; it is ${toml}.` }]);
      }
      return { section, key, toml };
    }),
  );
}
