import { uuidv7 } from '../base/ids.ts';
import { iso, type Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import { KILL_SWITCH_REASON, type Agents } from './agents.ts';
import type { FollowUps, Notice } from './follow-ups.ts';
import type { KillSwitchRecords } from './kill-switch-records.ts';
import { nextState, NORMAL, type KillSwitchRecord, type RecoveryRecord } from './kill-switch-state.ts';
import type { Authorize } from './master-password.ts';
import type { Owners } from './owners.ts';
import type { CheckedProof, OwnerProof, OwnerProofs } from './owner-proof.ts';
import { eligibleAt, remainingSeconds } from './recovery-clock.ts';
import type { RecoveryTimer } from './recovery-timer.ts';

/** How long a recovery takes, in seconds; `[security] kill_switch_recovery_wait_*`. */
export interface RecoveryWaits {
  readonly owner: number;
  readonly noOwner: number;
}

export interface RecoverRequest {
  readonly authorize: Authorize;
  /** The signature of an owner for `recover`; asked for in step 1 when any agent has an owner. */
  readonly proof?: OwnerProof | null;
  /** Says that a first step is meant, as a signature does; otherwise the state decides. */
  readonly step?: 1 | 2 | undefined;
  /** Takes the long wait instead of a signature, where no owner has ever shown that they can sign. */
  readonly withoutOwner?: boolean | undefined;
}

/** The two answers of seed 004: 202 and 200. */
export type Recovered =
  | { readonly status: 'RECOVERING'; readonly recoveryEligibleAt: string; readonly waitSeconds: number; readonly hasOwner: boolean }
  | { readonly status: 'NORMAL'; readonly recovered: true; readonly timestamp: string; readonly agentsReactivated: number };

/** When a recovery may be finished; times for people. */
export interface RecoveryDue {
  readonly recoveryEligibleAt: string;
  readonly remainingSeconds: number;
}

export interface RecoveryParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly records: KillSwitchRecords;
  readonly timer: RecoveryTimer;
  readonly followUps: FollowUps;
  readonly agents: Agents;
  readonly owners: Owners;
  readonly proofs: OwnerProofs;
  readonly waits: RecoveryWaits;
}

/**
 * The way out of the kill switch: two requests with a wait between them, never a wait inside one (seed 004, waiaas.md
 * §6.4). Checks the state, then who asks, then the time; a wrong password or signature moves neither state nor wait.
 */
export class Recovery {
  readonly #parts: RecoveryParts;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** Throws KILL_SWITCH_NOT_ACTIVE unless there is something to recover from: before anything is asked of the sender. */
  assertPossible(): void {
    const { state } = this.#parts.records.read();
    if (state === 'NORMAL') nextState(state, 'start recovery');
  }

  /**
   * Step 1 while ACTIVATED, step 2 while RECOVERING. Throws KILL_SWITCH_NOT_ACTIVE; what `authorize` throws; OWNER_AUTH_REQUIRED, INVALID_SIGNATURE, INVALID_NONCE, OWNER_MISMATCH;
   * RECOVERY_ALREADY_STARTED, RECOVERY_WAIT_REQUIRED (both with what remains), INVALID_RECOVERY_STATE.
   */
  async recover(request: RecoverRequest): Promise<Recovered> {
    this.assertPossible();
    // Before the password is checked, because that takes time in which another request may change it.
    const { state } = this.#parts.records.read();
    await request.authorize();
    const first = request.step === 1 || (request.proof ?? null) !== null || state === 'ACTIVATED';
    return first && request.step !== 2 ? this.#begin(request) : this.#finish();
  }

  /**
   * RECOVERING -> ACTIVATED; the next recovery begins with a new wait. `proof` when an owner asks for it. Throws
   * KILL_SWITCH_NOT_ACTIVE, INVALID_RECOVERY_STATE, and what spending the proof throws.
   */
  cancel(proof: CheckedProof | null): void {
    this.#parts.store.transact((tx) => {
      proof?.spend(tx);
      this.cancelIn(tx, proof === null ? 'by the person' : `by the owner ${proof.address}`);
    });
  }

  /** {@link cancel} as part of a larger transaction. */
  cancelIn(tx: Tx, why: string): void {
    const { records, followUps } = this.#parts;
    const record = records.read();
    const state = nextState(record.state, 'cancel recovery');
    records.write(tx, { ...record, state, recovery: null });
    const text = `The recovery from the kill switch was cancelled ${why}; the kill switch stays on`;
    followUps.plan(tx, { steps: 'keep', notice: notice(tx, 'KILL_SWITCH_RECOVERY_CANCELLED', text) });
    tx.event({ kind: 'kill_switch', action: 'recovery_cancelled', text, data: { notice: 'KILL_SWITCH_RECOVERY_CANCELLED' } });
  }

  /** Null when the recovery's record is damaged: then nobody is eligible. */
  due(recovery: RecoveryRecord | null): RecoveryDue | null {
    if (recovery === null) return null;
    const leftMs = this.#parts.timer.leftMs(recovery);
    return {
      recoveryEligibleAt: iso(eligibleAt(recovery.eligibleAt, this.#parts.clock.now(), leftMs) * 1000),
      remainingSeconds: remainingSeconds(leftMs),
    };
  }

  async #begin(request: RecoverRequest): Promise<Recovered> {
    const { store, clock, records, followUps, owners, waits } = this.#parts;
    const proof = await this.#consent(request);
    const recovery = store.transact((tx) => {
      const record = records.read();
      const state = nextState(record.state, 'start recovery', { ...this.due(record.recovery) });
      const hasOwner = proof !== null;
      proof?.spend(tx);
      const waitSeconds = hasOwner ? waits.owner : waits.noOwner;
      const started: RecoveryRecord = {
        id: uuidv7(tx.now),
        hasOwner,
        waitSeconds,
        eligibleAt: Math.ceil(tx.now / 1000) + waitSeconds,
        checkpoint: { leftMs: waitSeconds * 1000, wall: tx.now, sinceBoot: clock.sinceBoot() },
      };
      records.write(tx, { ...record, state, recovery: started });
      const eligible = iso(started.eligibleAt * 1000);
      const how = hasOwner ? `with the signature of the owner ${proof.address}` : owners.any() ? 'WITHOUT the signature of an owner' : 'with the master password';
      const text = `A recovery from the kill switch was started ${how}. It can be finished from ${eligible}. If that was not you, cancel it now.`;
      followUps.plan(tx, { steps: 'keep', notice: notice(tx, 'KILL_SWITCH_RECOVERY_STARTED', text) });
      tx.event({
        kind: 'kill_switch',
        action: 'recovery_started',
        text,
        data: { notice: 'KILL_SWITCH_RECOVERY_STARTED', has_owner: hasOwner, wait_seconds: waitSeconds, eligible_at: eligible },
      });
      return started;
    });
    return { status: 'RECOVERING', recoveryEligibleAt: iso(recovery.eligibleAt * 1000), waitSeconds: recovery.waitSeconds, hasOwner: recovery.hasOwner };
  }

  /** The checked signature, or null where none is needed. */
  async #consent(request: RecoverRequest): Promise<CheckedProof | null> {
    const { proof = null } = request;
    const { owners, proofs, records } = this.#parts;
    const { state, recovery } = records.read();
    // A recovery that is under way answers for itself, whatever came along.
    if (state === 'RECOVERING') nextState(state, 'start recovery', { ...this.due(recovery) });
    if (proof !== null && owners.any()) return proofs.check(proof, 'recover');
    this.#assertNoConsentNeeded(request);
    return null;
  }

  #assertNoConsentNeeded({ withoutOwner = false }: RecoverRequest): void {
    const { owners } = this.#parts;
    if (!owners.any()) return;
    const verified = owners.anyVerified();
    if (withoutOwner && !verified) return;
    const way = verified ? '' : ' No owner has ever signed, so "withoutOwner": true is possible too, with the long wait.';
    throw new AppError(
      'OWNER_AUTH_REQUIRED',
      `An agent has an owner, so the first step takes the owner's signature for 'recover' in the Authorization header, besides the master password.${way}`,
      { withoutOwnerPossible: !verified },
    );
  }

  #finish(): Recovered {
    const { store, records, followUps, agents } = this.#parts;
    return store.transact((tx): Recovered => {
      const record = records.read();
      const state = nextState(record.state, 'finish recovery');
      this.#assertDue(record);
      records.write(tx, { ...NORMAL, state });
      const agentsReactivated = agents.reactivate(tx, KILL_SWITCH_REASON);
      const text = 'The kill switch is off again: agents may act, with new sessions';
      followUps.plan(tx, { steps: 'keep', notice: notice(tx, 'KILL_SWITCH_RECOVERED', text) });
      tx.event({ kind: 'kill_switch', action: 'recovered', text, data: { notice: 'KILL_SWITCH_RECOVERED', agents_reactivated: agentsReactivated } });
      return { status: 'NORMAL', recovered: true, timestamp: iso(tx.now), agentsReactivated };
    });
  }

  #assertDue({ recovery }: KillSwitchRecord): void {
    const due = this.due(recovery);
    if (due === null) {
      throw new AppError('INVALID_RECOVERY_STATE', 'What was stored about the recovery is damaged, so it cannot be finished. Cancel it and start again: wheelhouse cancel-recovery');
    }
    if (due.remainingSeconds === 0) return;
    throw new AppError('RECOVERY_WAIT_REQUIRED', `The recovery can be finished at ${due.recoveryEligibleAt}, in ${due.remainingSeconds} s. Send the same request again then.`, { ...due });
  }
}

function notice(tx: Tx, type: Notice['type'], text: string): Omit<Notice, 'failedSteps'> {
  return { type, at: iso(tx.now), text };
}
