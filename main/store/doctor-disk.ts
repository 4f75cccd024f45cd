import { statfsSync } from 'node:fs';
import { fine, problem, warning, type Finding } from './doctor-findings.ts';

const MIB = 1024 * 1024;
const LOW_BYTES = 500 * MIB;
const EMPTY_BYTES = 50 * MIB;

/** Linux's numbers (statfs(2)) of file systems on which SQLite's locks and shared memory cannot be trusted. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9p'],
]);

export function checkDisk(dataDir: string): readonly Finding[] {
  const { bavail, bsize, type } = statfsSync(dataDir);
  return [freeSpace(bavail * bsize), ...(process.platform === 'linux' ? [fileSystem(dataDir, type)] : [])];
}

function freeSpace(bytes: number): Finding {
  const id = 'disk-space';
  const message = `${Math.floor(bytes / MIB)} MiB are free.`;
  if (bytes < EMPTY_BYTES) return problem(id, message, 'Free some space: changes will soon fail.');
  return bytes < LOW_BYTES ? warning(id, message, 'Free some space.') : fine(id, message);
}

/** `type` as statfs tells it; some systems report the 32-bit number with its sign. */
function fileSystem(dataDir: string, type: number): Finding {
  const id = 'file-system';
  const name = NETWORK_TYPES.get(type >>> 0);
  if (name === undefined) return fine(id, 'The data directory is on a local disk.');
  return warning(id, `${dataDir} is on a network file system (${name}), where databases get damaged.`, 'Move it to a local disk with WAIAAS_DATA_DIR.');
}
