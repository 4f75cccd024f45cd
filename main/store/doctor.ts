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
export function diagnose(options: DoctorOptions): readonly Diagnosis[] {
  return findings(options).map(({ fix: _fix, ...diagnosis }) => diagnosis);
}

/** Mends what can be mended without losing anything (modes, a stale lock, temporary files). Says what was done. */
export function repair(options: DoctorOptions): readonly string[] {
  return findings(options).flatMap(({ fix }) => (fix === null ? [] : [fix()]));
}

function findings({ dataDir, env, clock }: DoctorOptions): readonly Finding[] {
  const place = checkDataDir(dataDir);
  // Without the directory every other check would only say the same again.
  if (place.severity === 'error' && place.fix === null) return [place];
  return [
    place,
    checkConfig(dataDir, env),
    ...checkModes(dataDir),
    checkDaemonLock(dataDir),
    checkTempFiles(dataDir, clock),
    ...checkDatabase(dataDir, clock),
    ...checkDisk(dataDir),
  ];
}
