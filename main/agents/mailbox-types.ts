import type { ErrorCode } from '../base/errors.ts';

/** The folders of requests: `messages` for what goes to a chat, `tasks` for everything else (seed 002, IPC-01). */
export const BOXES = ['messages', 'tasks'] as const;
export type Box = (typeof BOXES)[number];

/** What an agent finds in `answers/` under the name of its request. */
export type MailboxAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: { readonly code: ErrorCode; readonly message: string; readonly retryable: boolean } };
