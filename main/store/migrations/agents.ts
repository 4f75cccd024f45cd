import type { Migration } from '../migrations.ts';

/** Groups, the durable queue of runs with their history, and what each run was given. */
export const AGENTS: Migration = {
  name: 'groups and runs',
  sql: `
    CREATE TABLE agent_groups (
      id TEXT PRIMARY KEY,
      jid TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      -- A file system may not tell case apart.
      folder TEXT NOT NULL UNIQUE COLLATE NOCASE,
      trigger_word TEXT NOT NULL,
      requires_trigger INTEGER NOT NULL CHECK (requires_trigger IN (0,1)),
      is_main INTEGER NOT NULL CHECK (is_main IN (0,1)),
      agent_id TEXT NOT NULL UNIQUE REFERENCES agents(id),
      paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0,1)),
      -- ContainerSettings as JSON.
      container TEXT NOT NULL,
      session_id TEXT,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX agent_groups_main ON agent_groups(is_main) WHERE is_main = 1;

    CREATE TABLE runs (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      group_id TEXT NOT NULL REFERENCES agent_groups(id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('messages','task')),
      state TEXT NOT NULL CHECK (state IN ('queued','starting','running','succeeded','failed','aborted','dead')),
      prompt TEXT,
      context_mode TEXT NOT NULL CHECK (context_mode IN ('group','isolated')),
      schedule_run_id TEXT,
      attempt INTEGER NOT NULL DEFAULT 1,
      not_before INTEGER NOT NULL,
      queued_at INTEGER NOT NULL,
      started_at INTEGER,
      ended_at INTEGER,
      container_name TEXT,
      pid INTEGER,
      session_id TEXT,
      sent INTEGER NOT NULL DEFAULT 0,
      messages INTEGER NOT NULL DEFAULT 0,
      -- The last text for the chat.
      result TEXT,
      -- Whether the agent has done what it was given and waits for more.
      turn_over INTEGER NOT NULL DEFAULT 0 CHECK (turn_over IN (0,1)),
      -- The last message that was there when it ended without success: a restart does not try the same ones again.
      given_up_to INTEGER,
      exit_code INTEGER,
      cause TEXT,
      error TEXT,
      log_file TEXT
    ) STRICT;
    CREATE INDEX runs_by_group ON runs(group_id, seq);
    CREATE INDEX runs_open ON runs(state, seq) WHERE state IN ('queued','starting','running');
    -- A group runs one thing at a time, and whatever asks for its messages is answered by one run.
    CREATE UNIQUE INDEX runs_live ON runs(group_id) WHERE state IN ('starting','running');
    CREATE UNIQUE INDEX runs_waiting ON runs(group_id) WHERE state = 'queued' AND kind = 'messages';
    -- A due time of a scheduled task is run once.
    CREATE UNIQUE INDEX runs_of_schedule ON runs(schedule_run_id) WHERE schedule_run_id IS NOT NULL;

    -- The messages that a run was given, in order: the first prompt, then follow-ups.
    CREATE TABLE run_inputs (
      run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      n INTEGER NOT NULL,
      -- Where the cursor of the group stood before, and where it stands since.
      cursor_before INTEGER NOT NULL,
      up_to INTEGER NOT NULL,
      messages INTEGER NOT NULL,
      given_at INTEGER NOT NULL,
      -- Whether a text went to the chat after it was given.
      answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0,1)),
      PRIMARY KEY (run_id, n)
    ) STRICT, WITHOUT ROWID;
  `,
};

/** Telegram gives a group another address when it becomes a supergroup. */
export const GROUP_MOVES: Migration = {
  name: 'groups whose chat moved',
  sql: `
    -- The address of before; what still names it means this group.
    ALTER TABLE agent_groups ADD COLUMN former_jid TEXT;
    CREATE INDEX agent_groups_former ON agent_groups(former_jid) WHERE former_jid IS NOT NULL;
  `,
};
