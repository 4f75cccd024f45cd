import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { containerSpec, installId } from '../../../main/agents/container-spec.ts';
import { EngineClient } from '../../../main/agents/engine-client.ts';
import { prepareWorkspace, workspaceOf } from '../../../main/agents/workspace.ts';
import { dataPaths } from '../../../main/config/data-dir.ts';
import { LIMITS } from '../../support/agents/container-rig.ts';
import { groupNamed } from '../../support/agents/runner-rig.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { missingPart } from '../../support/setup/parts.ts';
import { startPodman, type PrivatePodman } from '../../support/setup/podman.ts';
import { until } from '../../support/until.ts';

describe.skipIf(missingPart('containers') !== null)('a core on a real engine', () => {
  let podman: PrivatePodman;
  let client: EngineClient;
  let rig: CliRig;
  beforeAll(async () => {
    podman = await startPodman();
    client = new EngineClient({ kind: 'socket', path: podman.socketPath, text: podman.socketPath });
  });
  afterAll(async () => podman.stop());
  afterEach(async () => rig.close());

  /** A container that looks as if an earlier run of this installation had died over it. */
  async function leftBehind(dataDir: string, install: string, runId: string): Promise<void> {
    const paths = dataPaths(dataDir);
    const workspace = workspaceOf(paths, 'home');
    prepareWorkspace(workspace, null);
    const user = { inside: { uid: 1000, gid: 1000 }, owner: null, keepId: false };
    const spec = containerSpec({ runId, installId: install, group: groupNamed('home'), image: podman.image, engine: 'Podman', workspace, verdicts: [], limits: LIMITS, user, timeZone: 'UTC', egressDir: null });
    await client.start(await client.create(spec));
  }

  it('OPS-02: removes what an earlier run of this very installation left behind, says so in the log, and touches no other one', async () => {
    rig = makeCliRig({ env: { DOCKER_HOST: `unix://${podman.socketPath}`, WAIAAS_AGENTS_IMAGE: podman.image } });
    const first = await rig.startCore();
    await first.call('chat.create', { name: 'home' });
    await first.stop();
    const install = installId(readFileSync(join(rig.dataDir, 'data/install-id'), 'utf-8').trim(), rig.dataDir);
    await leftBehind(rig.dataDir, install, '00000000-0000-7000-8000-000000000aaa');
    await leftBehind(rig.dataDir, installId('of another machine', rig.dataDir), '00000000-0000-7000-8000-000000000bbb');
    expect(await client.list(`dev.wheelhouse.install=${install}`)).toHaveLength(1);

    const core = await rig.startCore();
    await until(async () => (await client.list(`dev.wheelhouse.install=${install}`)).length === 0);
    const removed = async () => (await core.call('log.list', { limit: 50 })).events.filter(({ action }) => action === 'orphans_removed');
    await until(async () => (await removed()).length === 1);
    expect((await removed())[0]!.text).toContain('wheelhouse-home-000000000aaa');
    expect((await client.list('dev.wheelhouse.group=home')).map(({ Labels }) => Labels['dev.wheelhouse.run'])).toEqual(['00000000-0000-7000-8000-000000000bbb']);
    podman.exec('rm', '--all', '--force', '--time', '0');
  });

  it('OPS-01: starts without an engine, and says why agents cannot run when asked', async () => {
    rig = makeCliRig({ env: { DOCKER_HOST: 'unix:///no/such/engine.sock' } });
    const core = await rig.startCore();
    await core.call('chat.create', { name: 'home' });
    expect(await core.call('engine.check', {})).toMatchObject({ facts: null, problem: { cause: expect.stringContaining('No container engine was found') as string } });
    expect((await core.call('engine.get', {})).checkedAt).not.toBeNull();
  });
});
