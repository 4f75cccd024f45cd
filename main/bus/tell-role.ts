import type { Tx } from '../store/store.ts';
import type { Caller, Importance } from './types.ts';

/** A message that the bus itself owes somebody, for example the loser of a forced lock. */
export interface Notice {
  readonly to_role: string;
  readonly body: string;
  readonly importance: Importance;
}

/** Posts `notice` in the caller's name, inside the transaction of the change it reports. */
export type TellRole = (tx: Tx, from: Caller, notice: Notice) => void;
