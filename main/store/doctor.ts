import type { Clock } from '../base/clock.ts';
import type { Environment } from '../config/load.ts';
import { checkDatabase } from './doctor-database.ts';
import { checkConfig, checkDaemonLock, checkDataDir, checkModes, checkTempFiles } from './doctor-files.ts';
import type { Diagnosis, Finding } from './doctor-findings.ts';
import { checkDisk } from './doctor-disk.ts';

export type { Diagnosis } from './doctor-findings.ts';

export interface DoctorOptions {
  readonly dataDir: string;
  readonly env: Environment;
  readonly clock: Clock;
}

/** Looks at everything, changes nothing; works beside a running core. */
export function diagnose({ dataDir, env, clock }: DoctorOptions): readonly Diagnosis[] {
  const files = checkFiles(dataDir, clock);
  // Without the directory every other check would only say the same again.
  const rest = isUsable(files) ? [checkConfig(dataDir, env, clock), ...checkDatabase(dataDir, clock), ...checkDisk(dataDir)] : [];
  return [...files, ...rest].map(({ fix: _fix, ...diagnosis }) => diagnosis);
}

/** Mends what can be mended without losing anything (modes, a stale lock, temporary files). Says what was done. */
export function repair({ dataDir, clock }: Pick<DoctorOptions, 'dataDir' | 'clock'>): readonly string[] {
  return checkFiles(dataDir, clock).flatMap(({ fix }) => (fix === null ? [] : [fix()]));
}

function checkFiles(dataDir: string, clock: Clock): readonly Finding[] {
  const place = checkDataDir(dataDir);
  if (!isUsable([place])) return [place];
  return [place, ...checkModes(dataDir), checkDaemonLock(dataDir), checkTempFiles(dataDir, clock)];
}

function isUsable(findings: readonly Finding[]): boolean {
  return findings.every(({ id, severity }) => id !== 'data-dir' || severity !== 'error');
}
