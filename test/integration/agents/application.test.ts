import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineClient } from '../../../main/agents/engine-client.ts';
import type { RunView } from '../../../preload/contract.ts';
import { startPodmanWithAgent } from '../../support/agents/container-rig.ts';
import { grep, processesWith } from '../../support/agents/runner-contract.ts';
import { SECRET } from '../../support/agents/runner-rig.ts';
import { spawnCli, type CliProcess } from '../../support/cli-process.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { missingPart } from '../../support/setup/parts.ts';
import type { PrivatePodman } from '../../support/setup/podman.ts';
import { until } from '../../support/until.ts';


describe.skipIf(missingPart('containers') !== null)('the whole application with contained agents, on a real engine', () => {
  let podman: PrivatePodman;
  let client: EngineClient;
  let rig: CliRig;
  let app: CliProcess | null = null;
  beforeAll(async () => {
    podman = await startPodmanWithAgent();
    client = new EngineClient({ kind: 'socket', path: podman.socketPath, text: podman.socketPath });
  });
  afterAll(async () => podman.stop());
  beforeEach(() => {
    rig = makeCliRig({ env: { DOCKER_HOST: `unix://${podman.socketPath}`, WAIAAS_AGENTS_IMAGE: podman.image, WAIAAS_AGENTS_NETWORK: 'none' } });
  });
  afterEach(async () => {
    app?.kill('SIGKILL');
    await app?.ended;
    app = null;
    podman.exec('rm', '--all', '--force', '--time', '0');
    await rig.close();
  });

  const start = async (): Promise<void> => {
    app = spawnCli(['serve'], rig.env as Record<string, string>);
    await app.prints(/runs on/);
  };
  const containers = async (): Promise<readonly string[]> => (await client.list('dev.wheelhouse.group')).map(({ Names }) => Names[0]!.replace('/', ''));
  const say = async (text: string): Promise<void> => {
    expect(await rig.run('chat', 'console:home', text, '--wait', '0')).toMatchObject({ exit: 0 });
  };
  const runs = async (): Promise<readonly RunView[]> => (await rig.json<{ runs: readonly RunView[] }>('run', 'list')).runs;

  it('OPS-02: after a kill -9 in the middle of a run its container is gone within seconds of the restart, and the messages are not lost', async () => {
    await start();
    await rig.json('group', 'add', 'console:home', '--name', 'Home', '--every-message');
    await say('do:stubborn');
    await until(async () => (await containers()).length === 1);
    const [orphan] = await containers();
    app!.kill('SIGKILL');
    await app!.ended;
    expect(await containers()).toEqual([orphan]);

    await start();
    await until(async () => !(await containers()).includes(orphan!));
    await until(async () => (await runs()).some(({ cause }) => cause === 'interrupted'));
  });

  it('SEC-05: a key in .env reaches the agent and is in no argument, environment, log, database or crash report', async () => {
    mkdirSync(rig.dataDir, { recursive: true });
    const envFile = join(rig.dataDir, '.env');
    writeFileSync(envFile, `ANTHROPIC_API_KEY=${SECRET}\nOTHER_SECRET=never-handed-on-0123456789\n`, { mode: 0o600 });
    // Node writes on this signal what it would write of a crash: arguments, environment, stacks, heap.
    rig.env['NODE_OPTIONS'] = `--report-on-signal --report-signal=SIGUSR2 --report-directory=${rig.dataDir}`;
    await start();
    await rig.json('group', 'add', 'console:home', '--name', 'Home', '--every-message');
    await say('do:leak');
    await until(async () => (await runs()).some(({ sent }) => sent > 0));
    expect(processesWith(SECRET)).toEqual([]);
    const [name] = await containers();
    expect(podman.exec('inspect', name!)).not.toContain(SECRET);
    app!.kill('SIGUSR2');
    await until(() => readdirSync(rig.dataDir).some((file) => /^report\..*\.json$/.test(file)));
    await rig.json('run', 'abort', (await runs())[0]!.id);
    await until(async () => (await containers()).length === 0);
    app!.kill('SIGTERM');
    expect(await app!.ended).toBe(0);
    // Everything the application has written, the database and its journal included.
    expect(grep(rig.dataDir, SECRET)).toEqual([envFile]);
    expect(grep(rig.dataDir, 'never-handed-on')).toEqual([envFile]);
    expect(grep(rig.dataDir, '[hidden]').length).toBeGreaterThan(0);
  });

  it('OPS-04: a stop of the application ends its runs and leaves no container', async () => {
    await start();
    await rig.json('group', 'add', 'console:home', '--name', 'Home', '--every-message');
    await say('do:polite');
    await until(async () => (await containers()).length === 1);
    app!.kill('SIGTERM');
    expect(await app!.ended).toBe(0);
    expect(await containers()).toEqual([]);
  });
});
