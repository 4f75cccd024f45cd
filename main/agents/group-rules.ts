import { AppError } from '../base/errors.ts';
import type { AdditionalMount, ContainerSettings, NetworkPolicy } from './types.ts';

const CONTROL = /\p{C}/u;
/** A scheme and something behind it, or something at a server, as `console:home` and `123@g.us`. */
const JID = /^(?:[a-z][a-z0-9-]{0,19}:[^\s\p{C}]{1,180}|[^\s\p{C}@]{1,120}@[A-Za-z0-9.-]{1,60})$/u;
const NETWORKS: readonly NetworkPolicy[] = ['none', 'restricted', 'full'];
const MAX_MOUNTS = 50;

/** The limits of a group's own container settings; the settings file has the same. */
export const CONTAINER_LIMITS = {
  timeoutMs: { min: 10_000, max: 86_400_000 },
  memoryMb: { min: 64, max: 1_048_576 },
  cpus: { min: 0.1, max: 256 },
  pids: { min: 16, max: 65_536 },
} as const;

function invalid(field: string, rule: string): AppError {
  return new AppError('INPUT_INVALID', `${field} ${rule}`, { field });
}

/** Throws INPUT_INVALID unless it looks like the address of a chat. */
export function assertJid(jid: string): void {
  if (!JID.test(jid)) throw invalid('jid', 'must be the address of a chat, as console:home, tg:-100123 or 123@g.us.');
}

/** Throws INPUT_INVALID. */
export function assertName(name: string): void {
  if (name.length === 0 || name.length > 100 || CONTROL.test(name) || name.trim() !== name) {
    throw invalid('name', 'must be 1 to 100 printable characters without a space at either end.');
  }
}

/** Throws INPUT_INVALID. Any script will do; the router decides where the word ends. */
export function assertTrigger(trigger: string): void {
  if (trigger.length === 0 || trigger.length > 60 || CONTROL.test(trigger) || trigger.trim() !== trigger) {
    throw invalid('trigger', 'must be 1 to 60 printable characters without a space at either end, as @Andy.');
  }
}

/** Throws INPUT_INVALID. Whether a mount is allowed is another question, asked at each start (SEC-01). */
export function assertContainer(settings: ContainerSettings): void {
  const { additionalMounts, network } = settings;
  if (additionalMounts.length > MAX_MOUNTS) throw invalid('additionalMounts', `must be at most ${MAX_MOUNTS} folders.`);
  for (const mount of additionalMounts) assertMount(mount);
  if (network !== null && !NETWORKS.includes(network)) throw invalid('network', `must be one of ${NETWORKS.join(', ')}.`);
  for (const key of ['timeoutMs', 'memoryMb', 'cpus', 'pids'] as const) {
    const value = settings[key];
    const { min, max } = CONTAINER_LIMITS[key];
    if (value === null) continue;
    if (!Number.isFinite(value) || value < min || value > max || (key !== 'cpus' && !Number.isInteger(value))) {
      throw invalid(key, `must be ${key === 'cpus' ? 'a number' : 'an integer'} from ${min} to ${max}, or absent.`);
    }
  }
}

function assertMount({ hostPath, containerPath }: AdditionalMount): void {
  if (hostPath === '' || hostPath.length > 4096 || hostPath.includes('\0')) throw invalid('hostPath', 'must be the path of a folder of this machine.');
  if (containerPath !== undefined && (containerPath.length > 255 || containerPath.includes('\0'))) {
    throw invalid('containerPath', 'must be a path of at most 255 characters.');
  }
}
