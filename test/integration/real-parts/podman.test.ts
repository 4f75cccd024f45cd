import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPart } from '../../support/setup/parts.ts';
import { startPodman, type PrivatePodman } from '../../support/setup/podman.ts';
import { until } from '../../support/until.ts';

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

describe.skipIf(missingPart('containers') !== null)('a container engine of the test alone', () => {
  let podman: PrivatePodman;
  beforeAll(async () => {
    podman = await startPodman();
  });
  afterAll(async () => {
    await podman.stop();
    expect(existsSync(podman.socketPath)).toBe(false);
  });

  it('answers on its Docker API socket', async () => {
    expect(await podman.get('/_ping')).toEqual({ status: 200, body: 'OK' });
  });

  it('holds its own image and no container', async () => {
    const images = JSON.parse((await podman.get('/v1.41/images/json')).body) as { RepoTags: string[] }[];
    expect(images.flatMap((image) => image.RepoTags)).toEqual([podman.image]);
    expect((await podman.get('/v1.41/containers/json?all=true')).body.trim()).toBe('[]');
  });

  it('runs a command in a container', () => {
    expect(podman.run('sh', '-c', 'echo hello from $(id -u)')).toBe('hello from 0\n');
  });

  it('ends with its containers and leaves no file when its test is killed', async () => {
    const test = spawn(process.execPath, [join(import.meta.dirname, '../../support/podman-process.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(test.stdout, 'data')) as [Buffer];
    const { dir, pids } = JSON.parse(line.toString('utf8')) as { readonly dir: string; readonly pids: readonly number[] };
    expect(pids.map(isAlive)).toEqual([true, true]);
    test.kill('SIGKILL');
    await until(() => !pids.some(isAlive) && !existsSync(dir));
  });
});
