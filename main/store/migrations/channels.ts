import type { Migration } from '../migrations.ts';

/** Chats, what was said in them, and what is still to be sent (DESIGN §10). */
export const CHANNELS: Migration = {
  name: 'chats, their messages, outbound queue',
  sql: `
    CREATE TABLE channels (
      name TEXT PRIMARY KEY,
      -- Whether the person has asked for it; the console is always there.
      enabled INTEGER NOT NULL DEFAULT 0 CHECK (enabled IN (0,1)),
      paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0,1)),
      -- How far a network that counts its updates was read.
      position INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;

    -- Every chat that was seen, served or not. The row '__group_sync__' is the time of the last group sync and no chat.
    CREATE TABLE chats (
      jid TEXT PRIMARY KEY,
      channel TEXT NOT NULL,
      name TEXT NOT NULL,
      -- NULL: not known yet.
      is_group INTEGER CHECK (is_group IN (0,1)),
      last_message_at INTEGER,
      last_in_at INTEGER,
      last_out_at INTEGER,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX chats_recent ON chats(last_message_at);

    -- Content of served chats only. The id is the cursor, so that two messages of one second stay two.
    CREATE TABLE chat_messages (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      jid TEXT NOT NULL REFERENCES chats(jid) ON DELETE CASCADE,
      -- The id that the network gave it; the same message may arrive more than once.
      network_id TEXT NOT NULL,
      sender TEXT NOT NULL,
      sender_name TEXT NOT NULL,
      content TEXT NOT NULL,
      sent_at INTEGER NOT NULL,
      kind TEXT NOT NULL DEFAULT 'message' CHECK (kind IN ('message','reply','error','progress')),
      from_bot INTEGER NOT NULL DEFAULT 0 CHECK (from_bot IN (0,1)),
      -- Whether the network itself says that the agent was spoken to, as by a mention or a reply.
      addressed INTEGER NOT NULL DEFAULT 0 CHECK (addressed IN (0,1)),
      -- 0 while its attachments are being saved; what comes after it waits for it.
      ready INTEGER NOT NULL DEFAULT 1 CHECK (ready IN (0,1)),
      run_id TEXT,
      UNIQUE (jid, network_id)
    ) STRICT;
    CREATE INDEX chat_messages_of ON chat_messages(jid, id);
    CREATE INDEX chat_messages_unready ON chat_messages(jid, id) WHERE ready = 0;

    CREATE TABLE chat_cursors (
      group_id TEXT PRIMARY KEY,
      -- The last message that a run was given.
      message_id INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outbound (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      jid TEXT NOT NULL,
      channel TEXT NOT NULL,
      -- The message that it is, or is a part of; NULL for what is no part of the conversation, as a test message.
      message_id INTEGER REFERENCES chat_messages(id) ON DELETE CASCADE,
      text TEXT NOT NULL,
      -- Names the send to the network where that keeps it from arriving twice.
      send_key TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','sending','sent','failed','cancelled')),
      attempts INTEGER NOT NULL DEFAULT 0,
      -- 1 when an earlier attempt may have arrived.
      maybe_sent INTEGER NOT NULL DEFAULT 0 CHECK (maybe_sent IN (0,1)),
      next_at INTEGER NOT NULL,
      error TEXT,
      created_at INTEGER NOT NULL,
      ended_at INTEGER
    ) STRICT;
    CREATE INDEX outbound_open ON outbound(channel, jid, id) WHERE state IN ('waiting','sending');
    CREATE INDEX outbound_of_message ON outbound(message_id);
  `,
};

/** What was said and read before it came here, as in an older installation. */
export const PAST_MESSAGES: Migration = {
  name: 'messages that were read elsewhere',
  sql: `
    -- 1: no run is given it, wherever the cursor stands.
    ALTER TABLE chat_messages ADD COLUMN past INTEGER NOT NULL DEFAULT 0 CHECK (past IN (0,1));
  `,
};
