import type { WindowRole } from './call-rules.ts';
import { SCHEME } from './deep-links.ts';

/** The part of an IPC event that tells who sent it. */
export interface SenderEvent {
  readonly sender: { readonly id: number };
  /** Null when the frame went away before the message was handled. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

export const APP_HOST = 'app';

export type SenderCheck = { readonly role: WindowRole } | { readonly refused: string };

/**
 * Who sends: the top frame of a window that we opened, showing a page of ours. Everything else is refused, with the
 * reason for the log. Must run before anything is awaited: the frame may navigate away meanwhile.
 */
export function checkSender(event: SenderEvent, roleOf: (webContentsId: number) => WindowRole | null): SenderCheck {
  const frame = event.senderFrame;
  if (frame === null) return { refused: 'the frame is gone' };
  if (frame.parent !== null) return { refused: 'not a top frame' };
  const url = URL.parse(frame.url);
  if (url?.protocol !== `${SCHEME}:` || url.host !== APP_HOST) return { refused: 'not a page of this application' };
  const role = roleOf(event.sender.id);
  return role === null ? { refused: 'not a window of this application' } : { role };
}
