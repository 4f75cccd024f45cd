import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentImage } from '../../../main/agents/agent-image.ts';
import { EngineDesk } from '../../../main/agents/engine-desk.ts';
import { Engine } from '../../../main/agents/engine.ts';
import { systemClock } from '../../../main/base/clock.ts';
import { LIMITS } from '../../support/agents/container-rig.ts';
import { missingPart } from '../../support/setup/parts.ts';
import { startPodman, type PrivatePodman } from '../../support/setup/podman.ts';
import { makeTempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

describe.skipIf(missingPart('containers') !== null)('the image of the agents, on a real engine', () => {
  let podman: PrivatePodman;
  let engine: Engine;
  let context: ReturnType<typeof makeTempDir>;
  beforeAll(async () => {
    podman = await startPodman();
    engine = new Engine({ platform: process.platform, home: '/nowhere', env: {}, engineHost: `unix://${podman.socketPath}` });
  });
  afterAll(async () => podman.stop());
  beforeEach(() => {
    context = makeTempDir();
  });
  afterEach(() => context.remove());

  const image = (name: string): AgentImage => new AgentImage({ engine, name, contextDir: context.path });
  const write = (...lines: string[]): void => writeFileSync(join(context.path, 'Containerfile'), lines.join('\n'));

  it('is built from its folder, with every step told as it is taken', async () => {
    write(`FROM ${podman.image}`, 'COPY sub/hello /hello', 'LABEL made=here', 'CMD ["cat", "/hello"]');
    mkdirSync(join(context.path, 'sub'));
    writeFileSync(join(context.path, 'sub/hello'), 'hello from the image');
    const built = image('localhost/built:latest');
    expect(await built.status()).toEqual({ name: 'localhost/built:latest', builtAt: null, bytes: null });

    const steps: string[] = [];
    await built.build((_line, { step, steps: all }) => steps.push(`${step}/${all}`));
    expect([...new Set(steps)]).toEqual(['1/4', '2/4', '3/4', '4/4']);
    const status = await built.status();
    expect(status.bytes).toBeGreaterThan(1e6);
    expect(status.builtAt).toBeGreaterThan(Date.UTC(2020, 0, 1));
    expect(podman.exec('run', '--rm', '--network', 'none', 'localhost/built:latest')).toBe('hello from the image');
  });

  it('a step that fails is told with the last words of the engine', async () => {
    write(`FROM ${podman.image}`, 'COPY missing /x');
    await expect(image('localhost/broken:latest').build(() => undefined)).rejects.toMatchObject({ code: 'IMAGE_BUILD_FAILED', message: expect.stringMatching(/missing/) as string });
  });

  it('files that were never laid out are named, with the command that does it', async () => {
    await expect(image('localhost/none:latest').build(() => undefined)).rejects.toMatchObject({ code: 'IMAGE_BUILD_FAILED', message: expect.stringContaining('npm run build:agent') as string });
  });

  it('the desk tells how a build goes, and what is there afterwards', async () => {
    write(`FROM ${podman.image}`, 'LABEL made=here');
    const recorded: string[] = [];
    const desk = new EngineDesk({ engine, image: image('localhost/desk:latest'), runner: 'container', limits: LIMITS, clock: systemClock, record: (action) => recorded.push(action) });
    expect(desk.status).toMatchObject({ facts: null, problem: null, checkedAt: null });
    expect(await desk.check()).toMatchObject({ facts: { name: 'Podman' }, problem: null, image: { builtAt: null } });
    expect(desk.startBuild().build).toMatchObject({ state: 'running' });
    expect(desk.startBuild().build).toMatchObject({ state: 'running' });
    await until(() => desk.status.build?.state !== 'running');
    expect(desk.status).toMatchObject({ build: { state: 'succeeded', error: null, step: 2, steps: 2 }, image: { builtAt: expect.any(Number) as number, bytes: expect.any(Number) as number } });
    expect(recorded).toEqual(['image_built']);
    await desk.stop();
  });

  it('OPS-01: without an engine the desk says why and what to do', async () => {
    const nowhere = new Engine({ platform: 'linux', home: '/nowhere', env: {}, engineHost: `unix://${context.path}/none.sock` });
    const desk = new EngineDesk({ engine: nowhere, image: new AgentImage({ engine: nowhere, name: 'x', contextDir: context.path }), runner: 'container', limits: LIMITS, clock: systemClock, record: () => undefined });
    const { facts, problem, image: found } = await desk.check();
    expect([facts, found]).toEqual([null, null]);
    expect(problem!.cause).toContain('No container engine was found');
    expect(problem!.cure).toContain('Install Docker or Podman');
    write('FROM x');
    desk.startBuild();
    await until(() => desk.status.build?.state === 'failed');
    expect(desk.status.build!.error).toContain('No container engine was found');
  });
});
