import type { Migration } from '../migrations.ts';

/** Scheduled tasks and their run log (DESIGN §9). */
export const SCHEDULE: Migration = {
  name: 'scheduled tasks and their runs',
  sql: `
    CREATE TABLE scheduled_tasks (
      id TEXT PRIMARY KEY,
      group_id TEXT NOT NULL,
      prompt TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('cron','interval','once')),
      value TEXT NOT NULL,
      zone TEXT NOT NULL,
      -- Whether the zone goes along when that of the settings becomes another.
      follows_zone INTEGER NOT NULL CHECK (follows_zone IN (0,1)),
      context_mode TEXT NOT NULL CHECK (context_mode IN ('group','isolated')),
      missed TEXT NOT NULL CHECK (missed IN ('latest','all','skip')),
      status TEXT NOT NULL CHECK (status IN ('active','paused','completed')),
      paused_by TEXT CHECK (paused_by IN ('person','agent','failures','broken','kill_switch') AND (paused_by IS NULL) = (status <> 'paused')),
      pause_reason TEXT,
      next_run INTEGER CHECK (next_run IS NULL OR status = 'active'),
      -- The latest due time that was dealt with.
      last_slot INTEGER,
      anchor_at INTEGER NOT NULL,
      failures INTEGER NOT NULL DEFAULT 0,
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX scheduled_tasks_due ON scheduled_tasks(next_run) WHERE next_run IS NOT NULL;
    CREATE INDEX scheduled_tasks_paused ON scheduled_tasks(paused_by) WHERE paused_by IS NOT NULL;
    CREATE INDEX scheduled_tasks_group ON scheduled_tasks(group_id);
    -- No cascade: what was logged goes before the task goes.
    CREATE TABLE schedule_runs (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      task_id TEXT NOT NULL REFERENCES scheduled_tasks(id),
      cause TEXT NOT NULL CHECK (cause IN ('due','missed','manual')),
      status TEXT NOT NULL CHECK (status IN ('queued','running','succeeded','failed','aborted','skipped')),
      due_at INTEGER NOT NULL,
      slots INTEGER NOT NULL DEFAULT 1,
      queued_at INTEGER NOT NULL,
      started_at INTEGER,
      ended_at INTEGER,
      duration_ms INTEGER,
      result TEXT,
      error TEXT
    ) STRICT;
    CREATE INDEX schedule_runs_task ON schedule_runs(task_id, seq);
    CREATE INDEX schedule_runs_under_way ON schedule_runs(task_id) WHERE status IN ('queued','running');
    CREATE INDEX schedule_runs_ended ON schedule_runs(ended_at) WHERE ended_at IS NOT NULL;
    -- The last word on "never twice": one run for one due time, whoever claims it.
    CREATE UNIQUE INDEX schedule_runs_once ON schedule_runs(task_id, due_at) WHERE cause <> 'manual' AND status <> 'skipped';
  `,
};
