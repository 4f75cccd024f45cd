/** What an older installation of nanoclaw holds, as far as Wheelhouse takes it over (DATA-01). Times are wall time in ms. */

export interface LegacyGroup {
  readonly jid: string;
  readonly name: string;
  readonly folder: string;
  readonly trigger: string;
  /** Null: nothing is said, which means that the trigger is needed. */
  readonly requiresTrigger: boolean | null;
  readonly isMain: boolean;
  readonly timeoutMs: number | null;
  readonly additionalMounts: readonly { readonly hostPath: string; readonly containerPath?: string; readonly readonly?: boolean }[];
}

/** The conversation that the next run of a group continues. */
export interface LegacySession {
  readonly folder: string;
  readonly sessionId: string;
}

export interface LegacyChat {
  readonly jid: string;
  readonly name: string | null;
  readonly isGroup: boolean | null;
  readonly lastMessageAt: number | null;
}

export interface LegacyMessage {
  readonly id: string;
  readonly jid: string;
  readonly sender: string;
  readonly senderName: string;
  readonly content: string;
  readonly sentAt: number;
  readonly fromBot: boolean;
}

/** What was said in one chat, oldest first, in pieces that are read one after another. */
export interface LegacyMessages {
  /** How many rows there are, readable or not. */
  readonly rows: number;
  readonly pieces: Iterable<readonly LegacyMessage[]>;
}

/** Up to when the agent of a chat has read. */
export interface LegacyCursor {
  readonly jid: string;
  readonly at: number;
}

export interface LegacyTask {
  readonly id: string;
  readonly groupFolder: string;
  readonly prompt: string;
  readonly kind: string;
  readonly value: string;
  readonly contextMode: string | null;
  readonly status: string;
  readonly nextRun: number | null;
  readonly lastRun: number | null;
  readonly createdAt: number | null;
}

export interface LegacyData {
  readonly groups: readonly LegacyGroup[];
  readonly sessions: readonly LegacySession[];
  readonly chats: readonly LegacyChat[];
  readonly messages: (jid: string) => LegacyMessages;
  readonly cursors: readonly LegacyCursor[];
  readonly tasks: readonly LegacyTask[];
  /** What could not be read, in words. */
  readonly problems: readonly string[];
}
