import type { ChannelStatus } from '../channels.ts';

/** What the owner may ask and do from the chat with the bot; wired in main/wheelhouse/channels.ts. */
export interface OwnerDesk {
  /** Who could get a session. */
  agents(): readonly { readonly id: string; readonly name: string; readonly role: string }[];
  /** Makes a session and writes its token file; the token itself never comes here. Throws AppError. */
  newSession(agentId: string): Promise<NewOwnerSession>;
  killSwitch(): { readonly on: boolean; readonly since: string | null; readonly reason: string | null };
  /** Stops everything. Throws KILL_SWITCH_ALREADY_ACTIVE. */
  stopEverything(): { readonly sessionsRevoked: number; readonly agentsSuspended: number };
  status(): Promise<OwnerStatus>;
  /** The unfinished tasks of the board, the most urgent first. */
  tasks(): Promise<readonly { readonly id: number; readonly title: string; readonly status: string; readonly assignee: string }[]>;
}

export interface NewOwnerSession {
  readonly agent: string;
  /** ISO 8601; null: never. */
  readonly expiresAt: string | null;
  readonly path: string;
  /** Null when the token file was written, else why not. */
  readonly problem: string | null;
}

export interface OwnerStatus {
  readonly state: 'ok' | 'degraded' | 'locked';
  readonly killSwitch: string;
  readonly problems: readonly string[];
  readonly agents: number;
  readonly liveSessions: number;
  readonly openTasks: number;
  readonly working: number;
  readonly channels: readonly ChannelStatus[];
}
