import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../main/base/clock.ts';
import { loadConfig } from '../../../main/config/load.ts';
import { MAX_SECRET_BYTES, SecretStore, type SecretStoreOptions } from '../../../main/config/secret-store.ts';
import { BOT_TOKEN } from '../../support/telegram-api.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
let file: string;
let warned: string[];
beforeEach(() => {
  dir = makeTempDir();
  mkdirSync(join(dir.path, 'data'));
  file = join(dir.path, '.env');
  warned = [];
});
afterEach(() => dir.remove());

function open(changes: Partial<SecretStoreOptions> = {}): SecretStore {
  return new SecretStore({ dataDir: dir.path, env: {}, agentNames: ['ANTHROPIC_API_KEY'], clock: systemClock, warn: (line) => warned.push(line), ...changes });
}

const refused = (why: string | RegExp) => expect.objectContaining({ code: 'SECRET_FILE_REFUSED', message: expect.stringMatching(why) });

describe('reading', () => {
  it('a changed file counts at once, a missing one has nothing', () => {
    const store = open();
    expect(store.get('ANTHROPIC_API_KEY')).toBeNull();
    writeFileSync(file, 'ANTHROPIC_API_KEY=1', { mode: 0o600 });
    expect(store.get('ANTHROPIC_API_KEY')).toBe('1');
  });

  it('the environment goes before the file; an empty variable and a placeholder that nobody filled in count as none', () => {
    writeFileSync(file, 'ONE=file\nTWO=file\nTHREE=file\n', { mode: 0o600 });
    const store = open({ env: { ONE: 'env', TWO: '  ', THREE: '${THREE}' } });
    expect(['ONE', 'TWO', 'THREE', 'FOUR'].map((name) => store.get(name))).toEqual(['env', 'file', 'file', null]);
  });

  it('gives the secrets of Wheelhouse itself, and refuses one that cannot be it without showing it', () => {
    writeFileSync(file, `ANU_BOT_TOKEN=${BOT_TOKEN}\n`, { mode: 0o600 });
    expect(open().values()).toEqual({ busKey: null, botToken: BOT_TOKEN, discordWebhook: null, ntfyToken: null });
    writeFileSync(file, 'ANU_BOT_TOKEN=hunter22\n');
    expect(() => open().values()).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/^(?!.*hunter22).*ANU_BOT_TOKEN/) }));
  });

  it('closes a file that others can read, and says so once', () => {
    writeFileSync(file, 'A=1', { mode: 0o644 });
    chmodSync(file, 0o644);
    const store = open();
    expect([store.get('A'), store.get('A')]).toEqual(['1', '1']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(warned).toEqual([expect.stringMatching(/other users could read the secrets.*0600/)]);
  });

  it('leaves the mode alone for who only looks', () => {
    writeFileSync(file, 'A=1', { mode: 0o644 });
    chmodSync(file, 0o644);
    expect(open({ warn: null }).get('A')).toBe('1');
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it.each<[string, () => void, RegExp]>([
    ['a symbolic link', () => symlinkSync(join(dir.path, 'elsewhere'), file), /symbolic link/],
    ['a directory', () => mkdirSync(file), /not a regular file/],
    ['what is no UTF-8 text', () => writeFileSync(file, Buffer.from([0x41, 0x3d, 0xff, 0xfe])), /not UTF-8 text/],
    ['a file without end', () => writeFileSync(file, 'x'.repeat(1_048_577)), /at most 1048576 bytes/],
  ])('refuses %s, for reading as for writing, and leaves it as it was', async (_name, make, why) => {
    writeFileSync(join(dir.path, 'elsewhere'), 'A=secret-elsewhere');
    make();
    expect(() => open().get('A')).toThrow(refused(why));
    await expect(open().set('ANU_BOT_TOKEN', BOT_TOKEN)).rejects.toThrow(refused(why));
    expect(readFileSync(join(dir.path, 'elsewhere'), 'utf8')).toBe('A=secret-elsewhere');
    expect(readdirSync(dir.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('says why a file cannot be read', () => {
    writeFileSync(file, 'A=1', { mode: 0o600 });
    expect(() => open({ dataDir: file }).get('A')).toThrow(refused(/cannot be read \(ENOTDIR\)/));
  });

  it('takes a file that was cut off in the middle of a line as far as it goes, and adds to it on a line of its own', async () => {
    writeFileSync(file, `ANTHROPIC_API_KEY=whole\nDISCORD_WEB`, { mode: 0o600 });
    const store = open();
    expect(store.get('ANTHROPIC_API_KEY')).toBe('whole');
    await store.set('ANU_BOT_TOKEN', BOT_TOKEN);
    expect(readFileSync(file, 'utf8')).toBe(`ANTHROPIC_API_KEY=whole\nDISCORD_WEB\nANU_BOT_TOKEN=${BOT_TOKEN}\n`);
  });
});

describe('changing', () => {
  it('writes a private file, keeps comments and foreign lines, and tells who listens', async () => {
    writeFileSync(file, '# by hand\nDATABASE_URL=postgres://x\n', { mode: 0o600 });
    const store = open();
    const heard: string[] = [];
    store.onChange((name) => heard.push(name));
    expect(await store.set('ANU_BOT_TOKEN', BOT_TOKEN)).toEqual({ name: 'ANU_BOT_TOKEN', from: 'file', stored: true, usedBy: ['notices', 'channels'], effect: 'at_once' });
    expect(readFileSync(file, 'utf8')).toBe(`# by hand\nDATABASE_URL=postgres://x\nANU_BOT_TOKEN=${BOT_TOKEN}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await store.remove('ANU_BOT_TOKEN')).toMatchObject({ from: null, stored: false });
    expect(readFileSync(file, 'utf8')).toBe('# by hand\nDATABASE_URL=postgres://x\n');
    expect(heard).toEqual(['ANU_BOT_TOKEN', 'ANU_BOT_TOKEN']);
  });

  it('says when the environment still goes before', async () => {
    const store = open({ env: { NTFY_TOKEN: 'tk_env' } });
    expect(await store.set('NTFY_TOKEN', 'tk_file')).toMatchObject({ from: 'environment', stored: true });
  });

  it.each([
    ['ANU_BOT_TOKN', 'x', /Did you mean ANU_BOT_TOKEN/],
    ['bot-hunter22', 'x', /^(?!.*hunter22).*capital letters/],
    ['WAIAAS_MASTER_PASSWORD', 'x', /no secret of the store/],
    ['OTHER_SERVICE_KEY', 'x', /\[agents\] credentials/],
    ['ANU_BOT_TOKEN', 'hunter22', /^(?!.*hunter22).*@BotFather/],
    ['ANTHROPIC_API_KEY', 'hunter22\n', /^(?!.*hunter22).*line break/],
    ['ANTHROPIC_API_KEY', 'k'.repeat(MAX_SECRET_BYTES + 1), /longer than 16384 bytes/],
  ])('refuses %s with a clear word and without the value', async (name, value, why) => {
    await expect(open().set(name, value)).rejects.toThrow(expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(why) }));
    expect(readdirSync(dir.path)).toEqual(['data']);
  });

  it('changes nothing while something else in the store would not let Wheelhouse start, but takes that away', async () => {
    writeFileSync(file, 'CO_BUS_KEY=short\n', { mode: 0o600 });
    await expect(open().set('ANU_BOT_TOKEN', BOT_TOKEN)).rejects.toThrow(/CO_BUS_KEY has 5 characters/);
    expect(readFileSync(file, 'utf8')).toBe('CO_BUS_KEY=short\n');
    await open().remove('CO_BUS_KEY');
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('has nothing to remove where nothing is, and repeats nothing that is no name', async () => {
    await expect(open().remove('NTFY_TOKEN')).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND', message: expect.stringContaining('NTFY_TOKEN') }));
    await expect(open().remove('tk_hunter22')).rejects.toThrow(/^(?!.*hunter22)/);
  });
});

it('lists what is used and what only lies there, with where it comes from and never with its value', () => {
  writeFileSync(file, `ANU_BOT_TOKEN=${BOT_TOKEN}\nDATABASE_URL=postgres://x\nANTHROPIC_API_KEY=sk-file\n`, { mode: 0o600 });
  const list = open({ env: { ANTHROPIC_API_KEY: 'sk-env' } }).list();
  expect(list.map(({ name, from, stored, usedBy }) => [name, from, stored, usedBy])).toEqual([
    ['CO_BUS_KEY', null, false, ['bus']],
    ['ANU_BOT_TOKEN', 'file', true, ['notices', 'channels']],
    ['DISCORD_WEBHOOK_URL', null, false, ['notices']],
    ['NTFY_TOKEN', null, false, ['notices']],
    ['ANTHROPIC_API_KEY', 'environment', true, ['agents']],
    ['DATABASE_URL', 'file', true, []],
  ]);
  expect(JSON.stringify(list)).not.toMatch(/sk-|postgres|AAH/);
});

it('hides every value that it ever read, also one that was replaced', async () => {
  const store = open({ env: { NTFY_TOKEN: 'tk_environment' } });
  await store.set('ANTHROPIC_API_KEY', 'sk-old-value');
  await store.set('ANTHROPIC_API_KEY', 'sk-"new" value');
  expect(store.hide(JSON.stringify({ msg: 'sk-old-value, sk-"new" value, tk_environment' }))).toBe('{"msg":"[hidden], [hidden], [hidden]"}');
});

it.each(['ANU_BOT_TOKEN', 'CO_BUS_KEY', 'DISCORD_WEBHOOK_URL', 'NTFY_TOKEN', 'REDIS_URL', 'WAIAAS_MASTER_PASSWORD', 'WAIAAS_SESSION_TOKEN'])('no agent can be given %s', (name) => {
  writeFileSync(join(dir.path, 'config.toml'), `[agents]\ncredentials = ["ANTHROPIC_API_KEY", "${name}"]\n`);
  expect(() => loadConfig({ dataDir: dir.path, env: {} })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(new RegExp(`config.toml.*2.*${name}, which belongs to Wheelhouse itself`, 's')) }));
});
