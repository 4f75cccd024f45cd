import { missingPart } from '../setup/parts.ts';
import { startPodman } from '../setup/podman.ts';
import { makeBaseImage, noBaseImage } from './base-image.ts';

/** Names an engine to use instead of a private Podman, as `unix:///var/run/docker.sock`: it pulls the base image itself. */
export const ENGINE_VARIABLE = 'WHEELHOUSE_TEST_ENGINE';
const BASE = 'docker.io/library/node:24-bookworm-slim';
const REGISTRY = 'https://registry-1.docker.io/v2/';
const REGISTRY_MS = 10_000;

/** An engine on which the image of the agents can be built. */
export interface ImageEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Where the base image of the build comes from, for people. */
  readonly base: string;
  stop(): Promise<void>;
}

/** Why there is none here; null when there is. */
export async function noImageEngine(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  if (env[ENGINE_VARIABLE] !== undefined) return null;
  const noContainers = missingPart('containers', env);
  if (noContainers !== null) return noContainers;
  const missing = noBaseImage();
  if (missing === null) return null;
  return (await reaches(REGISTRY)) ? null : `${new URL(REGISTRY).host} cannot be reached, and ${missing}`;
}

/** Any answer will do: without a login it is a refusal. */
async function reaches(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(REGISTRY_MS) }).then(
    () => true,
    () => false,
  );
}

/** That of {@link ENGINE_VARIABLE}; else a private Podman that has pulled the base image, or was given a stand-in for it. */
export async function startImageEngine(): Promise<ImageEngine> {
  const named = process.env[ENGINE_VARIABLE];
  if (named !== undefined) return { host: named, base: `${BASE}, as ${named} has it`, stop: async () => undefined };
  // The steps of the build reach Debian and npm as this machine does.
  const podman = await startPodman({ network: 'host', storage: 'overlay' });
  return { host: `unix://${podman.socketPath}`, base: await bringBase(podman.exec), stop: async () => podman.stop() };
}

async function bringBase(podman: (...args: string[]) => string): Promise<string> {
  try {
    podman('pull', '--quiet', BASE);
    return `${BASE}, pulled`;
  } catch {
    const { tar, changes } = await makeBaseImage();
    podman('import', ...changes.flatMap((change) => ['--change', change]), tar, BASE);
    return 'a stand-in made of Debian bookworm by debootstrap, this Node and this npm';
  }
}
