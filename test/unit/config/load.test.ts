import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { loadConfig, type Environment } from '../../../main/config/load.ts';
import { defaultConfig, SCHEMA, settingRows, type Config } from '../../../main/config/schema.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir();
});
afterEach(() => dir.remove());

function load(toml: string | null, env: Environment = {}): Config {
  if (toml !== null) writeFileSync(join(dir.path, 'config.toml'), toml);
  return loadConfig({ dataDir: dir.path, env });
}

function complaint(toml: string | null, env: Environment = {}): string {
  try {
    load(toml, env);
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONFIG_INVALID') return error.message.replaceAll(`${dir.path}/`, '');
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('values', () => {
  it('come from the defaults when nothing is said', () => {
    expect(load(null)).toEqual(defaultConfig());
    expect(load('')).toEqual(defaultConfig());
    expect(load(null).bus.roles).toEqual(['FE', 'BE', 'AI', 'Producer']);
  });

  it('come from the file before the defaults, and from the environment before the file', () => {
    const toml = '[server]\nport = 4000\nmax_body_kb = 128\n';

    const config = load(toml, { WAIAAS_SERVER_PORT: '5000' });

    expect(config.server).toMatchObject({ port: 5000, max_body_kb: 128, host: '127.0.0.1' });
  });

  it('take the chat from the name of seed 003 too, after the name by the rule', () => {
    expect(load(null, { COKACDIR_CHAT_ID: '6937032012' }).notify.telegram_chat).toBe('6937032012');
    expect(load('[notify]\ntelegram_chat = "1"\n', { COKACDIR_CHAT_ID: '2', WAIAAS_NOTIFY_TELEGRAM_CHAT: '3' }).notify.telegram_chat).toBe('3');
    expect(complaint(null, { COKACDIR_CHAT_ID: 'my chat' })).toContain('COKACDIR_CHAT_ID');
  });

  it('have the types of the table', () => {
    expectTypeOf<Config['server']['port']>().toEqualTypeOf<number>();
    expectTypeOf<Config['storage']['max_messages']>().toEqualTypeOf<number | null>();
    expectTypeOf<Config['storage']['durability']>().toEqualTypeOf<'full' | 'normal'>();
    expectTypeOf<Config['bus']['roles']>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<Config['server']['allow_remote']>().toEqualTypeOf<boolean>();
    expect(load(null).storage.max_messages).toBe(200_000);
  });

  it('know no limit as null', () => {
    expect(load('[storage]\nmax_messages = "unlimited"\n', { WAIAAS_STORAGE_EVENT_DAYS: 'unlimited' }).storage).toMatchObject({
      max_messages: null,
      event_days: null,
    });
  });

  it('may be written in every form that TOML has', () => {
    expect(load('server.port = 4000\nui = { theme = "dark", "language" = "ko" }\n[bus]\nroles = [\n  "A", # first\n  "Producer",\n]\n')).toMatchObject({
      server: { port: 4000 },
      ui: { theme: 'dark', language: 'ko' },
      bus: { roles: ['A', 'Producer'] },
    });
  });

  it('are not shared between two configurations', () => {
    const first = load(null);
    (first.bus.roles as string[]).push('Intruder');

    expect(load(null).bus.roles).not.toContain('Intruder');
    expect(SCHEMA.bus.roles.default).not.toContain('Intruder');
  });
});

describe('the table itself', () => {
  it('holds defaults that it would accept when they are written into the file', () => {
    const sections = Object.keys(SCHEMA).map((section) => {
      const rows = settingRows().filter((row) => row.section === section);
      return [`[${section}]`, ...rows.map(({ key, setting }) => `${key} = ${setting.type.toToml(setting.default)}`)].join('\n');
    });

    expect(load(sections.join('\n'))).toEqual(defaultConfig());
  });

  it('has one environment name for each setting, whose section ends at the first underscore', () => {
    const names = settingRows().map((row) => row.env);
    expect(new Set(names).size).toBe(names.length);
    for (const section of Object.keys(SCHEMA)) expect(section).toMatch(/^[a-z]+$/);
  });
});

describe('a wrong file names line, key, rule and cure', () => {
  it.each<[string, string, string]>([
    ['a slip in a key', '\n[server]\nprot = 4000\n', 'config.toml:3: server.prot is not a setting. Did you mean server.port?'],
    ['a slip in a section', '[sever]\nport = 4000\n', 'config.toml:1: [sever] is not a section. Did you mean [server]?'],
    ['a key of another section', '[server]\n\nroles = ["A"]\n', 'config.toml:3: server.roles is not a setting. Did you mean bus.roles?'],
    ['an unknown key', '[ui]\nwallpaper = "x"\n', 'config.toml:2: ui.wallpaper is not a setting. Keys of [ui]: language, theme.'],
    ['an unknown section', '[kitchen]\n', `config.toml:1: [kitchen] is not a section. Sections: ${Object.keys(SCHEMA).join(', ')}.`],
    ['a key outside of a section', 'port = 4000\n', 'config.toml:1: port stands outside of every section. Put it under [server].'],
    ['a nested section', '[server]\n[server.tls]\ncert = "x"\n', 'config.toml:2: server.tls is not a setting. Keys of [server]: host, port, allow_remote, allowed_hosts, max_body_kb, rate_limit_rpm.'],
    ['a list of sections', '[[server]]\nport = 4000\n', 'config.toml:1: [[server]] is not a section. Did you mean [server]?'],
    ['a number out of range', '[server]\nport = 80\n', 'config.toml:2: server.port must be an integer from 1024 to 65535, or 0 (any free port); it is 80.'],
    ['a fraction', '[bus]\nlock_ttl_sec = 5.5\n', 'config.toml:2: bus.lock_ttl_sec must be an integer from 5 to 3600; it is 5.5.'],
    ['a text for a number', '[server]\nport = "4000"\n', 'config.toml:2: server.port must be an integer from 1024 to 65535, or 0 (any free port); it is "4000".'],
    ['a number for a flag', '[server]\nallow_remote = 1\n', 'config.toml:2: server.allow_remote must be true or false; it is 1.'],
    ['an unknown word', '[ui]\nlanguage = "fr"\n', 'config.toml:2: ui.language must be one of "system", "en", "ko"; it is "fr".'],
    ['zero for no limit', '[storage]\nmax_messages = 0\n', 'config.toml:2: storage.max_messages must be an integer from 1000 to 1000000000, or "unlimited"; it is 0.'],
    ['a table for a value', '[server]\nport = { value = 1 }\n', 'config.toml:2: server.port must be an integer from 1024 to 65535, or 0 (any free port); it is a table.'],
    ['a date for a value', '[server]\nport = 2026-11-20\n', 'config.toml:2: server.port must be an integer from 1024 to 65535, or 0 (any free port); it is a date.'],
    ['the same role twice', '[bus]\nroles = ["A", "A"]\n', 'config.toml:2: bus.roles must be a list of 1 to 50 different texts, each 1 to 40 letters or digits (also . _ - inside); it is ["A","A"].'],
    ['a key after a value over several lines', '[bus]\nroles = [\n  "A",\n  "Producer",\n]\ncoordinater = "A"\n', 'config.toml:6: bus.coordinater is not a setting. Did you mean bus.coordinator?'],
    ['Windows line ends and a byte order mark', '\uFEFF[server]\r\nport = 1\r\n', 'config.toml:2: server.port must be an integer from 1024 to 65535, or 0 (any free port); it is 1.'],
    ['other machines without leave', '[server]\nhost = "0.0.0.0"\n', 'config.toml:2: server.host = "0.0.0.0" lets other machines connect, which needs server.allow_remote = true (and TLS in front of it).'],
    ['a coordinator that is no role', '[bus]\nroles = ["A", "B"]\n', 'bus.coordinator must be one of bus.roles (A, B); it is "Producer".'],
  ])('%s', (_name, toml, message) => {
    expect(complaint(toml)).toBe(message);
  });

  it('tells where TOML itself is broken', () => {
    expect(complaint('[server]\nport = \n')).toMatch(/^config\.toml:2: not valid TOML: .+\.$/);
    expect(complaint('[server]\nport = 4000\nport = 5000\n')).toMatch(/^config\.toml:3: not valid TOML: /);
  });

  it('never shows the value of an unknown key, which may be a secret in the wrong place', () => {
    expect(complaint('[security]\nmaster_password = "hunter22"\n')).not.toContain('hunter22');
  });

  it('tells everything at once', () => {
    const message = complaint('[server]\nport = 1\nprot = 2\n[logs]\n', { WAIAAS_BUS_LOCK_TTL_SEC: '1' });

    expect(message.split('\n')).toEqual([
      'The configuration breaks 4 rules:',
      expect.stringContaining('config.toml:2:'),
      expect.stringContaining('config.toml:3:'),
      expect.stringContaining('config.toml:4:'),
      expect.stringContaining('WAIAAS_BUS_LOCK_TTL_SEC:'),
    ]);
  });

  it('tells when the file is none, or is not text', () => {
    writeFileSync(join(dir.path, 'config.toml'), Buffer.from([0x5b, 0xff, 0xfe]));
    expect(complaint(null)).toBe('config.toml is not UTF-8 text. Save it as UTF-8.');

    const other = makeTempDir();
    mkdirSync(join(other.path, 'config.toml'));
    expect(() => loadConfig({ dataDir: other.path, env: {} })).toThrow(/cannot be read \(EISDIR\)\. It must be a file\./);
    other.remove();
  });
});

describe('the environment is read by the type of the setting', () => {
  it.each<[string, string, (config: Config) => unknown, unknown]>([
    ['WAIAAS_SERVER_PORT', '4000', (config) => config.server.port, 4000],
    ['WAIAAS_SERVER_PORT', '0', (config) => config.server.port, 0],
    ['WAIAAS_SERVER_PORT', '', (config) => config.server.port, 3100],
    ['WAIAAS_SERVER_ALLOW_REMOTE', 'true', (config) => config.server.allow_remote, true],
    ['WAIAAS_BUS_ROLES', 'A, B ,Producer', (config) => config.bus.roles, ['A', 'B', 'Producer']],
    ['WAIAAS_BUS_ROLES', '["A","Producer"]', (config) => config.bus.roles, ['A', 'Producer']],
    ['WAIAAS_BUS_ROLES', '1,2,Producer', (config) => config.bus.roles, ['1', '2', 'Producer']],
    ['WAIAAS_BUS_RESOURCES', '[]', (config) => config.bus.resources, []],
    ['WAIAAS_SERVER_HOST', '127.1.2.3', (config) => config.server.host, '127.1.2.3'],
    ['WAIAAS_STORAGE_MAX_EVENTS', 'unlimited', (config) => config.storage.max_events, null],
  ])('%s=%s', (variable, text, read, value) => {
    expect(read(load(null, { [variable]: text }))).toEqual(value);
  });

  it.each<[string, string, string]>([
    ['WAIAAS_SERVER_PORT', '1e4', 'it is "1e4"'],
    ['WAIAAS_SERVER_PORT', '0x1000', 'it is "0x1000"'],
    ['WAIAAS_SERVER_PORT', '4000 ', 'it is "4000 "'],
    ['WAIAAS_SERVER_ALLOW_REMOTE', 'yes', 'must be true or false; it is "yes"'],
    ['WAIAAS_BUS_ROLES', '["A",', 'it is "[\\"A\\","'],
    ['WAIAAS_BUS_ROLES', '[1, 2]', 'it is [1,2]'],
    ['WAIAAS_SERVER_PROT', '4000', 'WAIAAS_SERVER_PROT: there is no such setting. Did you mean WAIAAS_SERVER_PORT?'],
    ['WAIAAS_DATADIR', '/data', 'Did you mean WAIAAS_DATA_DIR?'],
    ['WAIAAS_WALLPAPER_COLOUR', 'x', 'Names are WAIAAS_<SECTION>_<KEY>'],
  ])('%s=%s is refused', (variable, text, part) => {
    expect(complaint(null, { [variable]: text })).toContain(part);
  });

  it('leaves names alone that other parts read, and ones without the prefix', () => {
    expect(load(null, { WAIAAS_DATA_DIR: '/x', WAIAAS_MASTER_PASSWORD: 'x', CO_BUS_KEY: 'x', SERVER_PORT: '1' })).toEqual(defaultConfig());
  });

  it('can lift what a rule over two keys asks of the file', () => {
    expect(load('[server]\nhost = "::"\n', { WAIAAS_SERVER_ALLOW_REMOTE: 'true' }).server.host).toBe('::');
  });
});

describe('the waits of a recovery (seed 004)', () => {
  it('are half an hour with an owner and a day without', () => {
    expect(load(null).security).toMatchObject({ kill_switch_recovery_wait_owner: 1800, kill_switch_recovery_wait_no_owner: 86_400 });
  });

  it.each([
    ['owner', 300, 86_400],
    ['no_owner', 3600, 604_800],
  ])('for %s come from file and environment, and only from %i to %i seconds', (whom, min, max) => {
    const key = `kill_switch_recovery_wait_${whom}`;
    const env = `WAIAAS_SECURITY_KILL_SWITCH_RECOVERY_WAIT_${whom.toUpperCase()}`;
    expect(load(`[security]\n${key} = ${min}\n`).security).toMatchObject({ [key]: min });
    expect(load(`[security]\n${key} = ${min}\n`, { [env]: String(max) }).security).toMatchObject({ [key]: max });
    expect(complaint(`[security]\n${key} = ${min - 1}\n`)).toContain(`${min} to ${max}`);
    expect(complaint(null, { [env]: String(max + 1) })).toContain(env);
  });
});
