import type { Migration } from '../migrations.ts';

/** What an agent last had sent through its mailbox, so that a crash repeats nothing. */
export const MAILBOX: Migration = {
  name: 'mailbox',
  sql: `
    CREATE TABLE mailbox_sent (
      group_id TEXT PRIMARY KEY REFERENCES agent_groups(id) ON DELETE CASCADE,
      claim TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
