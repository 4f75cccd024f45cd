import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EngineView, MountAllowlistView } from '../../../preload/contract.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { missingPart } from '../../support/setup/parts.ts';
import { startPodman, type PrivatePodman } from '../../support/setup/podman.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let home: ReturnType<typeof makeTempDir>;
let rig: CliRig;
function begin(env: NodeJS.ProcessEnv = {}): void {
  home = makeTempDir();
  rig = makeCliRig({ env: { HOME: home.path, ...env } });
}
afterEach(async () => {
  await rig.close();
  home.remove();
});

describe('OPS-01: wheelhouse engine check', () => {
  test('OPS-01: says why agents cannot run and what to do, and ends with 1', async () => {
    begin({ DOCKER_HOST: 'unix:///no/such/engine.sock' });
    const { exit, out } = await rig.run('engine', 'check');
    expect(exit).toBe(1);
    expect(out).toContain('No container engine was found at unix:///no/such/engine.sock.');
    expect(out).toContain('Install Docker or Podman.');
    expect(out).toContain('network full');
  });

  test('an address that cannot be used is a fault of the configuration', async () => {
    begin({ DOCKER_HOST: 'ssh://nas' });
    const { exit, err } = await rig.run('engine', 'check');
    expect(exit).toBe(1);
    expect(err).toContain('leads over SSH');
  });

  test('says that programs are not isolated, where they are allowed', async () => {
    begin({ WAIAAS_AGENTS_RUNNER: 'process', WAIAAS_AGENTS_ALLOW_PROCESS_RUNNER: 'true', WAIAAS_AGENTS_PROCESS_COMMAND: 'sh,agent.sh', DOCKER_HOST: 'unix:///none' });
    const { exit, out } = await rig.run('engine', 'check');
    expect(exit).toBe(0);
    expect(out).toContain('NOT isolated');
  });

  test('the process runner needs to be allowed, and a program', async () => {
    begin({ WAIAAS_AGENTS_RUNNER: 'process' });
    const { exit, err } = await rig.run('engine', 'check');
    expect(exit).not.toBe(0);
    expect(err).toContain('agents.allow_process_runner = true');
    expect(err).toContain('agents.process_command');
  });

  describe.skipIf(missingPart('containers') !== null)('with a real engine', () => {
    let podman: PrivatePodman;
    beforeAll(async () => {
      podman = await startPodman();
    });
    afterAll(async () => podman.stop());

    test.each(['with a running core', 'without a core'])('names the engine and the image, %s', async (mode) => {
      begin({ DOCKER_HOST: `unix://${podman.socketPath}`, WAIAAS_AGENTS_IMAGE: podman.image });
      if (mode === 'with a running core') await rig.startCore();
      const view = await rig.json<EngineView>('engine', 'check');
      expect(view).toMatchObject({ runner: 'container', facts: { name: 'Podman' }, problem: null, image: { name: podman.image } });
      const { exit, out } = await rig.run('engine', 'check');
      expect(exit).toBe(0);
      expect(out).toMatch(/Engine: {2}Podman [\d.]+ at unix:/);
      expect(out).toContain(`Image:   ${podman.image}, built `);
    });

    test('an image that has not been built is named with the command that does', async () => {
      begin({ DOCKER_HOST: `unix://${podman.socketPath}`, WAIAAS_AGENTS_IMAGE: 'localhost/not-yet:latest' });
      const { exit, out } = await rig.run('engine', 'check');
      expect(exit).toBe(1);
      expect(out).toContain('localhost/not-yet:latest has not been built. Build it: wheelhouse engine build');
    });
  });
});

describe.each(['with a running core', 'without a core'])('SEC-01: wheelhouse mount, %s', (mode) => {
  beforeEach(async () => {
    begin({ DOCKER_HOST: 'unix:///none' });
    if (mode === 'with a running core') await rig.startCore();
  });
  const file = (): string => join(home.path, '.config/wheelhouse/mount-allowlist.json');

  test('SEC-01: allows, lists and forbids folders, in a file outside of the data directory', async () => {
    expect((await rig.run('mount', 'list')).out).toContain('Agents are given no folders but their own');
    await rig.json('mount', 'allow', '~/projects', '--write', '--description', 'Work');
    const { allowlist } = await rig.json<MountAllowlistView>('mount', 'allow', '~/papers');
    expect(allowlist).toEqual({
      allowedRoots: [
        { path: '~/projects', allowReadWrite: true, description: 'Work' },
        { path: '~/papers', allowReadWrite: false },
      ],
      blockedPatterns: [],
      nonMainReadOnly: true,
    });
    expect(JSON.parse(readFileSync(file(), 'utf-8'))).toEqual(allowlist);
    await rig.json('mount', 'allow', '~/projects');
    await rig.json('mount', 'forbid', '~/papers');
    const { out } = await rig.run('mount', 'list');
    expect(out).toMatch(/^read {3}~\/projects\nOnly the main group may write\.\nNever, whatever is allowed: names with \.ssh /);
  });

  test('what was not allowed cannot be forbidden', async () => {
    const { exit, err } = await rig.run('mount', 'forbid', '/srv');
    expect(exit).toBe(4);
    expect(err).toContain('/srv is not in the mount allowlist');
  });

  test('SEC-03: a broken file is shown with its fault and not overwritten', async () => {
    mkdirSync(join(home.path, '.config/wheelhouse'), { recursive: true });
    writeFileSync(file(), '{ mine', { mode: 0o600 });
    const list = await rig.run('mount', 'list');
    expect(list.exit).toBe(1);
    expect(list.out).toContain('so no additional folder is mounted: it is not JSON');
    expect((await rig.run('mount', 'allow', '~/projects')).exit).toBe(4);
    expect(readFileSync(file(), 'utf-8')).toBe('{ mine');
  });
});
