import { BufferJSON, initAuthCreds, proto, type SignalDataTypeMap } from '@whiskeysockets/baileys';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCredentials, removeCredentials } from '../../../main/channels/whatsapp/credentials.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => (dir = makeTempDir()));
afterEach(() => dir.remove());

const folder = (): string => join(dir.path, 'whatsapp');
const open = async () =>
  openCredentials({
    folder: folder(),
    codec: BufferJSON,
    fresh: initAuthCreds,
    revive: <T extends keyof SignalDataTypeMap>(type: T, value: unknown) =>
      (type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value as object) : value) as SignalDataTypeMap[T],
  });

test('survive a restart, the bytes in them too', async () => {
  const first = await open();
  await first.save();
  await first.keys.set({ session: { '8210:1@s': Buffer.from([1, 2, 255]) }, 'sender-key-memory': { g: { a: true } } });
  const second = await open();
  expect(second.creds).toEqual(first.creds);
  expect(await second.keys.get('session', ['8210:1@s', 'none'])).toEqual({ '8210:1@s': Buffer.from([1, 2, 255]) });
  expect(await second.keys.get('sender-key-memory', ['g'])).toEqual({ g: { a: true } });
});

test('are readable by the user alone, in a folder that is too', async () => {
  mkdirSync(folder(), { mode: 0o755 });
  const credentials = await open();
  await credentials.save();
  await credentials.keys.set({ 'pre-key': { 1: { public: Buffer.from('a'), private: Buffer.from('b') } } });
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder())) expect(statSync(join(folder(), name)).mode & 0o777).toBe(0o600);
});

test('are written under names that no id can lead out of the folder', async () => {
  const { keys } = await open();
  await keys.set({ session: { '../../evil/x': Buffer.from('x') } });
  expect(readdirSync(folder())).toEqual(['session-..%2F..%2Fevil%2Fx.json']);
  expect(readdirSync(dir.path)).toEqual(['whatsapp']);
});

test('of one key that is written many times at once end with the last, and none is torn', async () => {
  const { keys } = await open();
  await Promise.all(Array.from({ length: 30 }, async (_each, n) => keys.set({ 'lid-mapping': { a: String(n).repeat(2000) } })));
  expect((await keys.get('lid-mapping', ['a']))['a']).toBe('29'.repeat(2000));
});

test('that were removed are gone', async () => {
  const { keys, save } = await open();
  await save();
  await keys.set({ 'lid-mapping': { a: '1' } });
  await keys.set({ 'lid-mapping': { a: null, never: null } });
  expect(await keys.get('lid-mapping', ['a'])).toEqual({});
  await removeCredentials(folder());
  expect(readdirSync(dir.path)).toEqual([]);
});

test('a damaged key counts as none', async () => {
  const { keys } = await open();
  await keys.set({ 'lid-mapping': { a: '1' } });
  writeFileSync(join(folder(), 'lid-mapping-a.json'), '{"cut');
  expect(await keys.get('lid-mapping', ['a'])).toEqual({});
  expect(readFileSync(join(folder(), 'lid-mapping-a.json'), 'utf8')).toBe('{"cut');
});
