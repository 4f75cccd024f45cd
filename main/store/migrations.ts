import { NOTIFY_MIGRATION } from './migrations/notify.ts';
import { AGENTS, GROUP_MOVES } from './migrations/agents.ts';
import { CHANNELS, PAST_MESSAGES } from './migrations/channels.ts';
import { SCHEDULE } from './migrations/schedule.ts';
import { COMPLETIONS_MIGRATION } from './migrations/completions.ts';
import { MAILBOX } from './migrations/mailbox.ts';

/** One numbered step of the schema. Steps are append-only: a released one is never edited. */
export interface Migration {
  /** What the step brings, for the log. */
  readonly name: string;
  readonly sql: string;
}

/**
 * The schema, in order; `user_version` is the number of applied steps. Every room's tables stand here because they
 * share one file and one order. Times are integer milliseconds; NULL means "no limit" (DESIGN §5).
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'events, counters, system state',
    sql: `
      CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        ts INTEGER NOT NULL,
        kind TEXT NOT NULL,
        action TEXT NOT NULL,
        role TEXT,
        session_id TEXT,
        subject TEXT,
        text TEXT NOT NULL,
        data TEXT NOT NULL DEFAULT '{}'
      ) STRICT;
      CREATE INDEX events_by_kind ON events(kind, id);
      CREATE INDEX events_by_role ON events(role, id);
      CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE system_state (key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      -- From here on a missing row means damage, which counts as locked.
      INSERT INTO system_state VALUES ('kill_switch_status', '"NORMAL"', unixepoch() * 1000);
    `,
  },
  {
    name: 'agents, sessions, signing keys',
    sql: `
      CREATE TABLE agents (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        role TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active','suspended')),
        status_reason TEXT,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        agent_id TEXT NOT NULL REFERENCES agents(id) ON DELETE CASCADE,
        token_hash TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        revoked_at INTEGER,
        revoke_reason TEXT,
        -- When its leases and claims had been released; NULL also while that is still to be done.
        ended_at INTEGER
      ) STRICT;
      CREATE INDEX sessions_by_agent ON sessions(agent_id);
      CREATE INDEX sessions_unended ON sessions(expires_at) WHERE ended_at IS NULL;
      CREATE TABLE signing_keys (
        id TEXT PRIMARY KEY,
        secret TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'team bus',
    sql: `
      CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        ts INTEGER NOT NULL,
        from_role TEXT NOT NULL,
        to_role TEXT NOT NULL,
        body TEXT NOT NULL,
        thread_id TEXT NOT NULL DEFAULT '',
        reply_to INTEGER,
        importance TEXT NOT NULL DEFAULT 'normal' CHECK (importance IN ('low','normal','high','urgent')),
        ack_required INTEGER NOT NULL DEFAULT 0,
        from_session TEXT NOT NULL,
        verified INTEGER NOT NULL DEFAULT 1,
        delivered_at INTEGER, delivered_session TEXT,
        read_at INTEGER, read_session TEXT,
        acked_at INTEGER, acked_session TEXT
      ) STRICT;
      CREATE INDEX messages_inbox ON messages(to_role, id);
      CREATE INDEX messages_sent ON messages(from_role, id);
      CREATE INDEX messages_unread ON messages(to_role, id) WHERE read_at IS NULL;
      CREATE INDEX messages_undelivered ON messages(to_role, id) WHERE delivered_at IS NULL;
      CREATE INDEX messages_unacked ON messages(to_role, id) WHERE ack_required = 1 AND acked_at IS NULL;
      CREATE INDEX messages_thread ON messages(thread_id, id) WHERE thread_id <> '';
      CREATE VIRTUAL TABLE messages_fts USING fts5(tokens, content='', contentless_delete=1, tokenize='unicode61');

      CREATE TABLE tasks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open','in_progress','blocked','done','cancelled')),
        assignee_role TEXT NOT NULL,
        created_by TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        priority INTEGER NOT NULL DEFAULT 3,
        version INTEGER NOT NULL DEFAULT 1,
        held_by_role TEXT, held_by_session TEXT, claimed_at INTEGER,
        -- The person's claims do not end in silence.
        held_by_person INTEGER NOT NULL DEFAULT 0,
        released_reason TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX tasks_board ON tasks(status, assignee_role, priority, id);
      CREATE INDEX tasks_held ON tasks(held_by_session) WHERE held_by_session IS NOT NULL;
      CREATE TABLE task_dependencies (
        task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
        depends_on INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
        PRIMARY KEY (task_id, depends_on)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX task_dependents ON task_dependencies(depends_on);

      -- literal: what every name starts with that the resource overlaps, see main/bus/lock-names.ts
      CREATE TABLE leases (
        id TEXT PRIMARY KEY,
        resource TEXT NOT NULL,
        literal TEXT NOT NULL,
        mode TEXT NOT NULL CHECK (mode IN ('exclusive','shared')),
        role TEXT NOT NULL,
        session_id TEXT NOT NULL,
        agent_name TEXT,
        fence INTEGER NOT NULL,
        intent TEXT NOT NULL DEFAULT '',
        ttl_ms INTEGER NOT NULL,
        acquired_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        UNIQUE (resource, session_id)
      ) STRICT;
      CREATE INDEX leases_expiry ON leases(expires_at);
      CREATE INDEX leases_literal ON leases(literal);
      CREATE INDEX leases_session ON leases(session_id);
      -- A place in the queue. While waiting is 0 it is only kept for a caller that may come back.
      CREATE TABLE lock_tickets (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        resource TEXT NOT NULL,
        literal TEXT NOT NULL,
        mode TEXT NOT NULL CHECK (mode IN ('exclusive','shared')),
        role TEXT NOT NULL,
        session_id TEXT NOT NULL,
        agent_name TEXT,
        intent TEXT NOT NULL DEFAULT '',
        ttl_ms INTEGER NOT NULL,
        queued_at INTEGER NOT NULL,
        waiting INTEGER NOT NULL DEFAULT 1,
        waits_until INTEGER NOT NULL,
        kept_until INTEGER NOT NULL,
        UNIQUE (resource, session_id)
      ) STRICT;
      CREATE INDEX lock_tickets_literal ON lock_tickets(literal);
      CREATE INDEX lock_tickets_session ON lock_tickets(session_id);
      CREATE TABLE lock_fences (resource TEXT PRIMARY KEY, fence INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      -- Remembered for a day, so that a late holder learns why its lease is gone.
      CREATE TABLE expired_leases (
        resource TEXT NOT NULL,
        session_id TEXT NOT NULL,
        expired_at INTEGER NOT NULL,
        PRIMARY KEY (resource, session_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE presence (
        session_id TEXT PRIMARY KEY,
        role TEXT NOT NULL,
        last_seen_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE idempotency (
        scope TEXT NOT NULL,
        key TEXT NOT NULL,
        request_hash TEXT NOT NULL,
        response TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (scope, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX idempotency_age ON idempotency(created_at);
    `,
  },
  {
    name: 'owners of agents, nonces',
    sql: `
      ALTER TABLE agents ADD COLUMN owner_chain TEXT CHECK (owner_chain IN ('ethereum','solana'));
      ALTER TABLE agents ADD COLUMN owner_address TEXT CHECK ((owner_address IS NULL) = (owner_chain IS NULL) AND (owner_address IS NULL OR owner_address <> ''));
      ALTER TABLE agents ADD COLUMN owner_verified INTEGER NOT NULL DEFAULT 0 CHECK (owner_verified IN (0,1) AND (owner_verified = 0 OR owner_address IS NOT NULL));
      CREATE INDEX agents_owned ON agents(owner_address) WHERE owner_address IS NOT NULL;
      CREATE TABLE nonces (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hash TEXT NOT NULL UNIQUE,
        expires_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX nonces_expiry ON nonces(expires_at);
    `,
  },
  {
    name: 'sessions that renew',
    sql: `
      -- NULL is no limit: in ttl_sec a token that is good until the absolute end.
      ALTER TABLE sessions ADD COLUMN ttl_sec INTEGER;
      ALTER TABLE sessions ADD COLUMN renewal_count INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE sessions ADD COLUMN max_renewals INTEGER;
      ALTER TABLE sessions ADD COLUMN last_renewed_at INTEGER;
      ALTER TABLE sessions ADD COLUMN absolute_expires_at INTEGER;
      ALTER TABLE sessions ADD COLUMN reject_window_sec INTEGER NOT NULL DEFAULT 3600;
      ALTER TABLE sessions ADD COLUMN key_id TEXT;
      -- The token before the last renewal, which a client that lost the answer may still send.
      ALTER TABLE sessions ADD COLUMN previous_token_hash TEXT;
      ALTER TABLE sessions ADD COLUMN previous_until INTEGER;
      ALTER TABLE sessions ADD COLUMN last_used_at INTEGER;
      ALTER TABLE sessions ADD COLUMN last_client TEXT;
      ALTER TABLE sessions ADD COLUMN expiring_told_at INTEGER;
      CREATE UNIQUE INDEX sessions_previous ON sessions(previous_token_hash) WHERE previous_token_hash IS NOT NULL;
      UPDATE sessions SET
        ttl_sec = (expires_at - created_at + 999) / 1000,
        max_renewals = 30,
        absolute_expires_at = created_at + 2592000000,
        key_id = (SELECT id FROM signing_keys ORDER BY created_at DESC, id DESC LIMIT 1);
      ALTER TABLE signing_keys ADD COLUMN retired_at INTEGER;

      CREATE TABLE renewals (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
        renewal_count INTEGER NOT NULL,
        renewed_at INTEGER NOT NULL,
        -- NULL: nobody was asked, because the agent has no verified owner.
        window_expires_at INTEGER,
        decision TEXT CHECK (decision IN ('kept','rejected')),
        decided_at INTEGER,
        UNIQUE (session_id, renewal_count)
      ) STRICT;
      CREATE INDEX renewals_undecided ON renewals(id) WHERE decision IS NULL AND window_expires_at IS NOT NULL;
      CREATE TABLE reject_nonces (
        hash TEXT PRIMARY KEY,
        session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
        renewal_count INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        used_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX reject_nonces_session ON reject_nonces(session_id);
    `,
  },
  {
    name: 'renewals that nobody answered',
    sql: `
      -- When the end of its window was told.
      ALTER TABLE renewals ADD COLUMN lapsed_at INTEGER;
    `,
  },
  {
    name: 'failures in a row',
    sql: `
      ALTER TABLE agents ADD COLUMN failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0);
    `,
  },
  NOTIFY_MIGRATION,
  AGENTS,
  CHANNELS,
  SCHEDULE,
  COMPLETIONS_MIGRATION,
  MAILBOX,
  GROUP_MOVES,
  PAST_MESSAGES,
];
