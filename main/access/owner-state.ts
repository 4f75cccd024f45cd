/** NONE: no owner. GRACE: registered, but has not signed anything yet. LOCKED: has proven to hold the key. */
export type OwnerState = 'NONE' | 'GRACE' | 'LOCKED';

export interface OwnerFields {
  readonly ownerAddress: string | null;
  readonly ownerVerified: boolean;
}

/** Derived whenever it is needed and stored nowhere (waiaas.md §5.1). */
export function resolveOwnerState({ ownerAddress, ownerVerified }: OwnerFields): OwnerState {
  if (ownerAddress === null || ownerAddress === '') return 'NONE';
  return ownerVerified ? 'LOCKED' : 'GRACE';
}

export type OwnerAction = 'set' | 'remove' | 'verify';

/** What a change of the owner needs and brings. */
export interface OwnerTransition {
  readonly to: OwnerState;
  /** Whose consent it takes; `both` is the master password and the signature of the owner there is. */
  readonly needs: 'master' | 'owner' | 'both';
  readonly event: 'OWNER_REGISTERED' | 'OWNER_REMOVED' | 'OWNER_VERIFIED' | 'OWNER_ADDRESS_CHANGED';
}

/** A change that cannot be, or that would change nothing. */
export type NoTransition = 'NO_OWNER' | 'OWNER_LOCKED' | 'unchanged';

const TRANSITIONS: Readonly<Record<OwnerState, Readonly<Record<OwnerAction, OwnerTransition | NoTransition>>>> = {
  NONE: { set: { to: 'GRACE', needs: 'master', event: 'OWNER_REGISTERED' }, remove: 'unchanged', verify: 'NO_OWNER' },
  GRACE: {
    set: { to: 'GRACE', needs: 'master', event: 'OWNER_ADDRESS_CHANGED' },
    remove: { to: 'NONE', needs: 'master', event: 'OWNER_REMOVED' },
    verify: { to: 'LOCKED', needs: 'owner', event: 'OWNER_VERIFIED' },
  },
  LOCKED: { set: { to: 'LOCKED', needs: 'both', event: 'OWNER_ADDRESS_CHANGED' }, remove: 'OWNER_LOCKED', verify: 'unchanged' },
};

/** The table of waiaas.md §5.1. */
export function ownerTransition(from: OwnerState, action: OwnerAction): OwnerTransition | NoTransition {
  return TRANSITIONS[from][action];
}
