import Database from 'better-sqlite3';
import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { MIGRATIONS } from './migrations.ts';
import { Store } from './store.ts';

/** How much a commit is worth: `full` survives a power cut, `normal` a crash of the program (DESIGN §5). */
export type Durability = 'full' | 'normal';

export interface OpenOptions {
  readonly file: string;
  readonly durability: Durability;
  readonly clock: Clock;
  /** Hears what an after-commit listener throws. */
  readonly onListenerError: (error: unknown) => void;
}

/** Opens the database file, brings its schema up to date and returns the store. Throws DATABASE_NEWER. */
export function openStore(options: OpenOptions): Store {
  const db = new Database(options.file, { timeout: 5000 });
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${options.durability.toUpperCase()}`);
  db.pragma('foreign_keys = ON');
  migrate(db, options.file);
  return new Store(db, options.clock, options.onListenerError);
}

function migrate(db: Database.Database, file: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    db.close();
    throw new AppError(
      'DATABASE_NEWER',
      `${file} has schema ${version}, this Wheelhouse knows ${MIGRATIONS.length}. Install the newer Wheelhouse again, or restore a backup made by this one.`,
      { file, found: version, known: MIGRATIONS.length },
    );
  }
  for (let step = version; step < MIGRATIONS.length; step += 1) {
    db.transaction(() => {
      db.exec(MIGRATIONS[step]!.sql);
      db.pragma(`user_version = ${step + 1}`);
    }).immediate();
  }
}
