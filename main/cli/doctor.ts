import { systemClock } from '../base/clock.ts';
import { dataPaths } from '../config/data-dir.ts';
import { acquireDaemonLock } from '../store/daemon-lock.ts';
import { setAside } from '../store/database-files.ts';
import { diagnose, repair, type Diagnosis } from '../store/doctor.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError } from './input.ts';

const MARKS: Readonly<Record<Diagnosis['severity'], string>> = { info: 'ok  ', warning: 'warn', error: 'BAD ' };

/** `wheelhouse doctor`: looks at everything itself, so that it also works when nothing starts any more. */
export async function doctor(context: CommandContext): Promise<number> {
  const { input, output, dataDir, io } = context;
  if (input.flag('fix') && input.flag('set-aside')) throw new UsageError('--fix and --set-aside exclude each other: decide about the database alone.');
  if (input.flag('set-aside')) return setDatabaseAside(context);
  const options = { dataDir, env: io.env, clock: systemClock };
  const repaired = input.flag('fix') ? repair(options) : [];
  const checks = diagnose(options);
  const lines = checks.map(({ severity, message, cure }) => `${MARKS[severity]}  ${message}${cure === null ? '' : `\n      Do: ${cure}`}`);
  const ok = checks.every((check) => check.ok);
  output.result({ ok, checks, repaired }, [...repaired.map((text) => `done  ${text}`), ...lines].join('\n'));
  return ok ? EXIT.ok : EXIT.failure;
}

/** The right to run on the directory is taken for the moment, so that no core has the database open. */
async function setDatabaseAside({ output, dataDir }: CommandContext): Promise<number> {
  const lock = await acquireDaemonLock({ dataDir, clock: systemClock });
  try {
    const aside = setAside({ file: dataPaths(dataDir).database, reason: 'set-aside', clock: systemClock });
    output.result({ file: aside }, `The database lies at ${aside} now; the next start makes a new one.`);
    return EXIT.ok;
  } finally {
    lock.release();
  }
}
