import type { Tx } from '../store/store.ts';
import type { Caller } from './types.ts';

/** A message that wants an acknowledgement. */
export interface AskingMessage {
  readonly id: number;
  readonly from: Caller;
  readonly to_role: string;
  readonly body: string;
}

/** Who hears of messages that want an acknowledgement, in the transaction of what happens to them. */
export interface AckWatch {
  asked(tx: Tx, message: AskingMessage): void;
  /** The receiver acknowledged it: for the first time, and only then. */
  acked(tx: Tx, messageId: number): void;
}
