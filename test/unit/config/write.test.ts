import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../main/config/load.ts';
import type { Config, ConfigChanges } from '../../../main/config/schema.ts';
import { editToml } from '../../../main/config/toml-edit.ts';
import { writeSettings } from '../../../main/config/write.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
let file: string;
beforeEach(() => {
  dir = makeTempDir();
  file = join(dir.path, 'config.toml');
});
afterEach(() => dir.remove());

async function written(before: string | null, changes: ConfigChanges): Promise<string> {
  if (before !== null) writeFileSync(file, before);
  await writeSettings(dir.path, changes);
  return readFileSync(file, 'utf-8');
}

describe('a changed setting', () => {
  it.each<[string, string | null, ConfigChanges, string]>([
    ['makes the file', null, { ui: { language: 'ko' } }, '[ui]\nlanguage = "ko"\n'],
    ['replaces its value and keeps the comment', '# mine\n[ui]\n  theme = "dark" # at night\nlanguage = "en"\n', { ui: { theme: 'light' } }, '# mine\n[ui]\n  theme = "light" # at night\nlanguage = "en"\n'],
    ['is not misled by a # in the value', '[bus]\nresources = ["a#b"] # two\n', { bus: { resources: ['c'] } }, '[bus]\nresources = ["c"] # two\n'],
    ['replaces a value over several lines', '[bus]\nroles = [\n  "A", # first\n  "Producer",\n] # the team\nlock_ttl_sec = 60\n', { bus: { roles: ['B', 'Producer'] } }, '[bus]\nroles = ["B", "Producer"] # the team\nlock_ttl_sec = 60\n'],
    ['joins its section', '[ui]\ntheme = "dark"\n\n[log]\nlevel = "warn"\n', { ui: { language: 'ko' } }, '[ui]\ntheme = "dark"\nlanguage = "ko"\n\n[log]\nlevel = "warn"\n'],
    ['joins an empty section', '[ui]\n[log]\nlevel = "warn"\n', { ui: { language: 'ko' } }, '[ui]\nlanguage = "ko"\n[log]\nlevel = "warn"\n'],
    ['begins a section at the end', '[log]\nlevel = "warn"\n\n\n', { ui: { language: 'ko' } }, '[log]\nlevel = "warn"\n\n[ui]\nlanguage = "ko"\n'],
    ['replaces a dotted key', 'ui.theme = "dark"\n[log]\n', { ui: { theme: 'light' } }, 'ui.theme = "light"\n[log]\n'],
    ['joins dotted keys', 'ui.theme = "dark"\n[log]\n', { ui: { language: 'ko' } }, 'ui.theme = "dark"\nui.language = "ko"\n[log]\n'],
    ['unfolds an inline table', 'ui = { theme = "dark", language = "en" }\n', { ui: { language: 'ko' } }, 'ui.theme = "dark"\nui.language = "ko"\n'],
    ['keeps the comment of an inline table', 'ui = { theme = "dark" } # mine\n', { ui: { language: 'ko' } }, '# mine\nui.theme = "dark"\nui.language = "ko"\n'],
    ['joins an inline table', 'ui = { theme = "dark" }\n', { ui: { language: 'ko' } }, 'ui.theme = "dark"\nui.language = "ko"\n'],
    ['replaces the only value of an inline table', 'ui = { theme = "dark" }\n', { ui: { theme: 'light' } }, 'ui.theme = "light"\n'],
    ['joins an empty inline table', 'ui = {}\n', { ui: { theme: 'light' } }, 'ui.theme = "light"\n'],
    ['keeps Windows line ends', '[ui]\r\ntheme = "dark"\r\n', { ui: { theme: 'light' } }, '[ui]\r\ntheme = "light"\r\n'],
    ['keeps a byte order mark', '\uFEFF[ui]\ntheme = "dark"\n', { ui: { theme: 'light' } }, '\uFEFF[ui]\ntheme = "light"\n'],
    ['ends a last line that had no end', '[ui]\ntheme = "dark"', { log: { level: 'warn' } }, '[ui]\ntheme = "dark"\n\n[log]\nlevel = "warn"\n'],
    ['may be one of several', '[ui]\ntheme = "dark"\n', { ui: { theme: 'light', language: 'en' }, log: { max_files: 2 } }, '[ui]\ntheme = "light"\nlanguage = "en"\n\n[log]\nmax_files = 2\n'],
    ['writes no limit as a word', null, { storage: { max_events: null } }, '[storage]\nmax_events = "unlimited"\n'],
  ])('%s', async (_name, before, changes, after) => {
    expect(await written(before, changes)).toBe(after);
  });

  it('is read back at the next start', async () => {
    await written('[server]\nport = 4000\n', { ui: { language: 'ko' }, storage: { max_events: null } });

    const config = loadConfig({ dataDir: dir.path, env: {} });
    expect(config.ui.language).toBe('ko');
    expect(config.storage.max_events).toBeNull();
    expect(config.server.port).toBe(4000);
  });

  it('makes the file private', async () => {
    writeFileSync(file, '', { mode: 0o644 });
    await written(null, { ui: { theme: 'dark' } });

    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('follows a linked file and leaves the link', async () => {
    const real = join(dir.path, 'dotfiles.toml');
    writeFileSync(real, '[ui]\ntheme = "dark"\n');
    symlinkSync(real, file);

    await written(null, { ui: { theme: 'light' } });

    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf-8')).toBe('[ui]\ntheme = "light"\n');
  });
});

describe('nothing is written', () => {
  it('for a value that is not allowed', async () => {
    await expect(writeSettings(dir.path, { bus: { lock_ttl_sec: 1 } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'bus.lock_ttl_sec must be an integer from 5 to 3600; it is 1.',
    });
    expect(readdirSync(dir.path)).toEqual([]);
  });

  it('for a key that does not exist', async () => {
    await expect(writeSettings(dir.path, { ui: { colour: 'red' } } as ConfigChanges)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('when the next start would refuse it together with other keys', async () => {
    writeFileSync(file, '[bus]\nroles = ["A", "Producer"]\n');

    await expect(writeSettings(dir.path, { bus: { coordinator: 'B' } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(readFileSync(file, 'utf-8')).toBe('[bus]\nroles = ["A", "Producer"]\n');
  });

  it('into a file that is wrong already', async () => {
    writeFileSync(file, '[server]\nprot = 1\n');

    await expect(writeSettings(dir.path, { ui: { theme: 'dark' } })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('config.toml:2') });
    expect(readFileSync(file, 'utf-8')).toBe('[server]\nprot = 1\n');
  });
});

function tryRead(read: (text: string) => Config, text: string): Config | null {
  try {
    return read(text);
  } catch {
    return null;
  }
}

it('keeps every other setting, whatever the file looks like', () => {
  const statement = fc.constantFrom('# note', '', '[ui]', '[log]', 'theme = "dark"', 'level = "warn" # x', 'max_files = 3', 'ui.language = "en"', 'ui = { theme = "dark" }', "'theme' = 'light'");
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 8 }), fc.constantFrom('theme', 'language'), (lines, key) => {
      const before = lines.join('\n');
      const read = (text: string): Config => {
        writeFileSync(file, text);
        return loadConfig({ dataDir: dir.path, env: {} });
      };
      const old = tryRead(read, before);
      fc.pre(old !== null);
      expect(read(editToml(before, [{ section: 'ui', key, toml: '"system"' }]))).toEqual({ ...old, ui: { ...old.ui, [key]: 'system' } });
    }),
    { numRuns: 200 },
  );
});
