import { afterAll, beforeAll, describe } from 'vitest';
import { makeContainerRig, startPodmanWithAgent } from '../../support/agents/container-rig.ts';
import { runnerContract } from '../../support/agents/runner-contract.ts';
import { missingPart } from '../../support/setup/parts.ts';
import type { PrivatePodman } from '../../support/setup/podman.ts';

describe.skipIf(missingPart('containers') !== null)('the container runner, on a real engine', () => {
  let podman: PrivatePodman;
  beforeAll(async () => {
    podman = await startPodmanWithAgent();
  });
  afterAll(async () => podman.stop());

  const containers = async (): Promise<{ Names: string[] }[]> => JSON.parse((await podman.get('/v1.41/containers/json?all=true')).body) as { Names: string[] }[];
  const isThere = async (name: string | null): Promise<boolean> => (await containers()).some(({ Names }) => Names.includes(`/${name}`));

  runnerContract({
    makeRig: (options) => makeContainerRig(podman, options),
    isThere: ({ containerName }) => isThere(containerName),
    // Nothing of a container outlives it.
    isChildAlive: (_pid, { containerName }) => isThere(containerName),
  });
});
