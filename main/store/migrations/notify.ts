import type { Migration } from '../migrations.ts';

export const NOTIFY_MIGRATION: Migration = {
  name: 'notices and their deliveries',
  sql: `
    CREATE TABLE notices (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      type TEXT NOT NULL,
      severity TEXT NOT NULL CHECK (severity IN ('info','warning','critical')),
      reach TEXT NOT NULL CHECK (reach IN ('first','all','escalation')),
      context TEXT NOT NULL,
      dedupe_key TEXT,
      created_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('new','waiting','delivered','suppressed','failed')),
      -- Why it is suppressed, held back or failed.
      reason TEXT,
      -- The channels that may carry it, in their order, as a JSON list; NULL until it is decided.
      route TEXT,
      delivered_at INTEGER,
      -- When the person looked at it.
      seen_at INTEGER
    ) STRICT;
    CREATE INDEX notices_same ON notices(type, dedupe_key, created_at) WHERE dedupe_key IS NOT NULL;
    CREATE INDEX notices_by_type ON notices(type, created_at);
    CREATE INDEX notices_new ON notices(id) WHERE state = 'new';
    CREATE INDEX notices_missed ON notices(id) WHERE seen_at IS NULL AND state IN ('suppressed','failed');
    CREATE INDEX notices_by_age ON notices(created_at);

    CREATE TABLE notice_deliveries (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      notice_id INTEGER NOT NULL REFERENCES notices(id) ON DELETE CASCADE,
      channel TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending','leased','sent','retry','dead','dropped')),
      -- When it was first due; for how long it is tried again counts from here.
      queued_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      lease_owner TEXT,
      lease_until INTEGER,
      -- A process died between its request and the answer, so the next attempt may be a repeat.
      may_repeat INTEGER NOT NULL DEFAULT 0 CHECK (may_repeat IN (0,1)),
      -- The largest list it may be part of, after a list with it was refused.
      list_limit INTEGER,
      provider_id TEXT,
      reason TEXT,
      done_at INTEGER,
      UNIQUE (notice_id, channel)
    ) STRICT;
    CREATE INDEX notice_deliveries_due ON notice_deliveries(channel, due_at) WHERE state IN ('pending','retry');
    CREATE INDEX notice_deliveries_leased ON notice_deliveries(lease_until) WHERE state = 'leased';

    CREATE TABLE notice_attempts (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      notice_id INTEGER NOT NULL REFERENCES notices(id) ON DELETE CASCADE,
      channel TEXT NOT NULL,
      at INTEGER NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('sent','throttled','failed','refused','unknown')),
      reason TEXT
    ) STRICT;
    CREATE INDEX notice_attempts_of ON notice_attempts(notice_id);

    -- One row per message that left, whatever number of notices it told: the measure of limits that all processes share.
    CREATE TABLE notice_sends (id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE INDEX notice_sends_of ON notice_sends(channel, at);
    CREATE INDEX notice_sends_at ON notice_sends(at);

    CREATE TABLE notice_channels (
      channel TEXT PRIMARY KEY,
      -- Until when the service asked for silence; NULL: not at all.
      blocked_until INTEGER,
      failures INTEGER NOT NULL DEFAULT 0,
      last_ok_at INTEGER,
      checked_at INTEGER,
      last_error TEXT
    ) STRICT, WITHOUT ROWID;

    -- What the person does not want to hear, and where.
    CREATE TABLE notice_mutes (type TEXT NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (type, channel)) STRICT, WITHOUT ROWID;
  `,
};
