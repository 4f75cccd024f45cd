import type { Migration } from '../migrations.ts';

export const COMPLETIONS_MIGRATION: Migration = {
  name: 'completions',
  sql: `
    CREATE TABLE completions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      folder TEXT NOT NULL,
      task TEXT NOT NULL,
      -- Which completion of the task this is: 1 is the first.
      times INTEGER NOT NULL,
      team TEXT,
      summary TEXT,
      report TEXT,
      -- What tells its file from a later one of the same name; see main/completions/identity.ts.
      file_inode TEXT NOT NULL,
      file_born TEXT NOT NULL,
      file_modified TEXT NOT NULL,
      file_size INTEGER NOT NULL,
      finished_at INTEGER NOT NULL,
      seen_at INTEGER NOT NULL,
      notified_at INTEGER,
      escalated_at INTEGER,
      acked_at INTEGER,
      acked_by TEXT,
      archived_at INTEGER,
      -- The later completion of the task that took its place before it was archived.
      superseded_by INTEGER,
      -- It was archived while its file was not there, as when a network folder is away.
      file_away INTEGER NOT NULL DEFAULT 0 CHECK (file_away IN (0,1))
    ) STRICT;
    CREATE UNIQUE INDEX completions_live ON completions(folder, task) WHERE archived_at IS NULL;
    CREATE INDEX completions_of_task ON completions(folder, task, id);
    CREATE INDEX completions_unacked ON completions(seen_at) WHERE acked_at IS NULL AND archived_at IS NULL;
    CREATE INDEX completions_to_archive ON completions(acked_at) WHERE acked_at IS NOT NULL AND archived_at IS NULL;
    CREATE TABLE completion_notices (
      notice_id INTEGER PRIMARY KEY,
      completion_id INTEGER NOT NULL REFERENCES completions(id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('done','again','escalation'))
    ) STRICT;
    CREATE INDEX completion_notices_of ON completion_notices(completion_id);
    -- Files that claim to be completions and were not taken for such, as long as they lie there.
    CREATE TABLE refused_files (
      folder TEXT NOT NULL,
      name TEXT NOT NULL,
      why TEXT NOT NULL,
      seen_at INTEGER NOT NULL,
      PRIMARY KEY (folder, name)
    ) STRICT, WITHOUT ROWID;
  `,
};
