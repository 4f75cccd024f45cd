import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPart } from '../../support/setup/parts.ts';
import { startPodman, type PrivatePodman } from '../../support/setup/podman.ts';

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
});
