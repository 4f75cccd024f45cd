import { chmodSync, mkdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowlistFile, readAllowlist, writeAllowlist, type MountAllowlist } from '../../../main/agents/mount-allowlist.ts';
import { Mounts, type MountVerdict } from '../../../main/agents/mounts.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let home: ReturnType<typeof makeTempDir>;
let file: string;
beforeEach(() => {
  home = makeTempDir();
  file = allowlistFile(home.path);
  for (const folder of ['projects/web', 'papers', '.waiaas/groups', 'outside/data', '.ssh']) mkdirSync(join(home.path, folder), { recursive: true });
});
afterEach(() => home.remove());

const ALLOWLIST: MountAllowlist = {
  allowedRoots: [
    { path: '~/projects', allowReadWrite: true, description: 'Work' },
    { path: '~/gone', allowReadWrite: true },
  ],
  blockedPatterns: [],
  nonMainReadOnly: false,
};
const mounts = (): Mounts => new Mounts({ home: home.path, allowlistFile: file, guarded: [join(home.path, '.waiaas')], platform: process.platform });
const decide = (hostPath: string): MountVerdict => mounts().decide([{ hostPath }], { isMain: true })[0]!;

function put(text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}

describe('SEC-03: without a usable allowlist', () => {
  it('SEC-03: every additional mount is refused when there is none, and the answer says where it belongs', () => {
    expect(decide('~/projects/web')).toMatchObject({ mount: null, explanation: `~/projects/web is not mounted: there is no mount allowlist at ${file}.` });
  });

  it.each([
    ['{', 'it is not JSON'],
    ['[]', 'expected object'],
    ['{"allowedRoots":[],"blockedPatterns":[]}', 'nonMainReadOnly'],
    ['{"allowedRoots":{},"blockedPatterns":[],"nonMainReadOnly":true}', 'allowedRoots'],
    ['{"allowedRoots":[{"path":"~/projects"}],"blockedPatterns":[],"nonMainReadOnly":true}', 'allowedRoots[0].allowReadWrite'],
    ['{"allowedRoots":[{"path":"projects","allowReadWrite":true}],"blockedPatterns":[],"nonMainReadOnly":true}', 'allowedRoots[0].path is neither absolute'],
    ['{"allowedRoots":[],"blockedPatterns":[" "],"nonMainReadOnly":true}', 'blockedPatterns[0] is blank'],
    ['{"allowedRoots":[],"blockedPatterns":[],"nonMainReadOnly":true,"extra":1}', 'extra'],
  ])('SEC-03: the broken allowlist %s refuses all, and says %s', (text, why) => {
    put(text);
    expect(decide('~/projects/web')).toMatchObject({ mount: null });
    expect(decide('~/projects/web').explanation).toContain(why);
  });

  it.skipIf(process.platform === 'win32')('one that others may write is not trusted', () => {
    put(JSON.stringify(ALLOWLIST));
    chmodSync(file, 0o666);
    expect(decide('~/projects/web').explanation).toContain('others may write it; run: chmod go-w');
  });

  it('nothing is asked when nothing is wanted', () => {
    expect(mounts().decide([], { isMain: false })).toEqual([]);
  });
});

describe('with an allowlist', () => {
  beforeEach(() => put(JSON.stringify(ALLOWLIST)));

  it('SEC-01: a folder below a root is mounted by its real path', () => {
    expect(decide('~/projects/web')).toEqual({
      request: { hostPath: '~/projects/web' },
      mount: { source: realpathSync(join(home.path, 'projects/web')), target: '/workspace/extra/web', readOnly: true },
      explanation: null,
    });
  });

  it('SEC-02: a link inside a root that leads out of it is refused', () => {
    symlinkSync(join(home.path, 'outside/data'), join(home.path, 'projects/data'));
    expect(decide('~/projects/data').explanation).toContain('not below any folder of the mount allowlist');
  });

  it('SEC-02: a link with a harmless name to keys is refused', () => {
    symlinkSync(join(home.path, '.ssh'), join(home.path, 'projects/notes'));
    expect(decide('~/projects/notes').explanation).toContain('".ssh"');
  });

  it('SEC-02: a root that is a link itself stands for where it leads', () => {
    symlinkSync(join(home.path, 'outside'), join(home.path, 'linked'));
    put(JSON.stringify({ ...ALLOWLIST, allowedRoots: [{ path: '~/linked', allowReadWrite: false }] }));
    expect(decide(join(home.path, 'outside/data')).mount).not.toBeNull();
  });

  it('our own data is never mounted, not even through a link or by a root around it', () => {
    put(JSON.stringify({ ...ALLOWLIST, allowedRoots: [{ path: '~', allowReadWrite: true }] }));
    symlinkSync(join(home.path, '.waiaas'), join(home.path, 'projects/data'));
    for (const path of ['~', '~/.waiaas', '~/.waiaas/groups', '~/projects/data', dirname(file)]) expect(decide(path).explanation).toContain('to the agent');
    expect(decide('~/projects/web').mount).not.toBeNull();
  });

  it.skipIf(process.platform === 'win32')('a socket is refused, even below a root', async () => {
    const server = createServer().listen(join(home.path, 'projects/engine.sock'));
    await once(server, 'listening');
    expect(decide('~/projects/engine.sock').explanation).toContain('neither a folder nor a file');
    server.close();
  });

  it.each(['projects/web', './projects/web', '', '~other/x', '/nowhere/at/all', '~/projects/loop', 'a\0b'])('the path %j leads nowhere', (path) => {
    symlinkSync('loop', join(home.path, 'projects/loop'));
    expect(decide(path).mount).toBeNull();
  });

  it('SEC-04: a group that asks to write and may not is told why', () => {
    put(JSON.stringify({ ...ALLOWLIST, nonMainReadOnly: true }));
    const [verdict] = mounts().decide([{ hostPath: '~/projects/web', readonly: false }], { isMain: false });
    expect(verdict!.mount!.readOnly).toBe(true);
    expect(verdict!.explanation).toBe('~/projects/web is mounted for reading only: only the main group may write (nonMainReadOnly of the mount allowlist).');
  });

  it('the second of two mounts at one place is refused, the others go on', () => {
    mkdirSync(join(home.path, 'projects/old/web'), { recursive: true });
    const verdicts = mounts().decide([{ hostPath: '~/projects/web' }, { hostPath: '~/projects/old/web' }, { hostPath: '~/projects/old' }], { isMain: true });
    expect(verdicts.map(({ mount }) => mount?.target ?? null)).toEqual(['/workspace/extra/web', null, '/workspace/extra/old']);
  });

  it('a change of the file counts at once', () => {
    expect(decide('~/papers').mount).toBeNull();
    put(JSON.stringify({ ...ALLOWLIST, allowedRoots: [{ path: '~/papers', allowReadWrite: false }] }));
    expect(decide('~/papers').mount).not.toBeNull();
  });
});

describe('writing the allowlist', () => {
  it('makes its folder, is private, and is read back as it was', async () => {
    await writeAllowlist(file, ALLOWLIST);
    expect(readAllowlist(file)).toEqual({ state: 'ok', file, allowlist: ALLOWLIST });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('refuses what it would not read, and leaves the old file', async () => {
    await writeAllowlist(file, ALLOWLIST);
    const before = readFileSync(file, 'utf-8');
    await expect(writeAllowlist(file, { ...ALLOWLIST, allowedRoots: [{ path: 'relative', allowReadWrite: true }] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'The mount allowlist breaks a rule: allowedRoots[0].path is neither absolute nor begins with ~.',
    });
    expect(readFileSync(file, 'utf-8')).toBe(before);
  });

  it('says so when its place cannot be written', async () => {
    mkdirSync(join(home.path, '.config'), { recursive: true });
    writeFileSync(join(home.path, '.config/wheelhouse'), '');
    await expect(writeAllowlist(file, ALLOWLIST)).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
  });
});
