import { iso, type Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import { KILL_SWITCH_REASON, type Agents } from './agents.ts';
import { FollowUps, type Notice, type StopStep } from './follow-ups.ts';
import { KillSwitchRecords } from './kill-switch-records.ts';
import { nextState, type KillSwitchActor, type KillSwitchState } from './kill-switch-state.ts';
import type { MasterPassword } from './master-password.ts';
import type { Owners } from './owners.ts';
import type { CheckedProof, OwnerProofs } from './owner-proof.ts';
import { Recovery, type Recovered, type RecoverRequest, type RecoveryWaits } from './recovery.ts';
import { RecoveryTimer } from './recovery-timer.ts';
import type { Sessions } from './sessions.ts';

/** Something that a pulled kill switch cancels in the database, in the same transaction. If it throws, nothing happens at all. */
export interface CancelStep {
  readonly name: string;
  /** Returns how many things were cancelled. */
  run(tx: Tx, reason: string): number;
}

export interface KillSwitchParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly agents: Agents;
  readonly owners: Owners;
  readonly proofs: OwnerProofs;
  readonly masterPassword: MasterPassword;
  readonly waits: RecoveryWaits;
  readonly cancels: readonly CancelStep[];
  readonly stops: readonly StopStep[];
  /** Tells everybody, on every channel there is. */
  readonly announce: (notice: Notice) => Promise<void>;
  readonly report: (what: string, error: unknown) => void;
}

export interface Activation {
  readonly activated: true;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly sessionsRevoked: number;
  readonly agentsSuspended: number;
  /** By the name of the cancel step. */
  readonly cancelled: Readonly<Record<string, number>>;
}

/** How it stands, for the person and for programs. */
export interface KillSwitchStatus {
  readonly state: KillSwitchState;
  readonly activatedAt: string | null;
  readonly reason: string | null;
  readonly actor: KillSwitchActor | null;
  /** Null unless RECOVERING, and when the record of the recovery is damaged. */
  readonly recoveryEligibleAt: string | null;
  readonly remainingSeconds: number | null;
  /** Of the recovery under way; otherwise what the next one will take. */
  readonly waitSeconds: number;
  readonly hasOwner: boolean;
}

const REASON_LENGTH = 500;

/** One gesture that stops everything (DESIGN §6). */
export class KillSwitch {
  readonly #parts: KillSwitchParts;
  readonly #records: KillSwitchRecords;
  readonly #followUps: FollowUps;
  readonly #timer: RecoveryTimer;
  readonly #recovery: Recovery;
  #started = false;

  constructor(parts: KillSwitchParts) {
    const { store, clock, stops, announce, report } = parts;
    this.#parts = parts;
    this.#records = new KillSwitchRecords(store);
    this.#followUps = new FollowUps({ store, clock, steps: stops, active: () => this.#records.read().state !== 'NORMAL', announce, report });
    this.#timer = new RecoveryTimer({ store, clock, records: this.#records, report });
    this.#recovery = new Recovery({ ...parts, records: this.#records, timer: this.#timer, followUps: this.#followUps });
  }

  /**
   * Finishes what a crash interrupted, and goes on measuring a recovery. Without it (a command on the data directory while
   * no core runs) changes are made, and what follows them is left to the next start.
   */
  async start(): Promise<void> {
    this.#started = true;
    this.#timer.watch();
    await this.#followUps.run();
  }

  async stop(): Promise<void> {
    this.#started = false;
    this.#timer.stop();
    await this.#followUps.stop();
  }

  status(): KillSwitchStatus {
    const { state, activatedAt, reason, actor, recovery } = this.#records.read();
    const hasOwner = recovery?.hasOwner ?? this.#parts.owners.any();
    const waits = this.#parts.waits;
    const due = this.#recovery.due(recovery);
    return {
      state,
      activatedAt,
      reason,
      actor,
      recoveryEligibleAt: due?.recoveryEligibleAt ?? null,
      remainingSeconds: due?.remainingSeconds ?? null,
      waitSeconds: recovery?.waitSeconds ?? (hasOwner ? waits.owner : waits.noOwner),
      hasOwner,
    };
  }

  /**
   * One transaction: the state first, then every session, what other rooms cancel, every agent; what cannot be undone
   * follows after it. `proof` when an owner pulls it. Throws INPUT_INVALID, KILL_SWITCH_ALREADY_ACTIVE (which changes nothing,
   * in RECOVERING too).
   */
  activate(pull: { readonly reason: string; readonly actor: KillSwitchActor; readonly proof?: CheckedProof | null }): Activation {
    const { store, sessions, agents, cancels } = this.#parts;
    const reason = pull.reason.trim();
    if (reason.length === 0 || reason.length > REASON_LENGTH) {
      throw new AppError('INPUT_INVALID', `The reason has 1 to ${REASON_LENGTH} characters.`, { field: 'reason' });
    }
    const activation = store.transact((tx): Activation => {
      const before = this.#records.read();
      const { activatedAt, reason: firstReason, actor: firstActor } = before;
      const state = nextState(before.state, 'activate', { activatedAt, reason: firstReason, actor: firstActor });
      this.#records.write(tx, { state, activatedAt: iso(tx.now), reason, actor: pull.actor, recovery: null });
      pull.proof?.spend(tx);
      const marked = KILL_SWITCH_REASON + reason;
      const sessionsRevoked = sessions.revokeAll(tx, marked);
      const cancelled = Object.fromEntries(cancels.map((step) => [step.name, step.run(tx, marked)]));
      const agentsSuspended = agents.suspendAll(tx, marked);
      const text = `The kill switch was pulled: ${reason}`;
      this.#followUps.plan(tx, { steps: 'run', notice: { type: 'KILL_SWITCH_ACTIVATED', at: iso(tx.now), text } });
      tx.event({
        kind: 'kill_switch',
        action: 'activated',
        text,
        data: { notice: 'KILL_SWITCH_ACTIVATED', reason, actor: pull.actor, sessions_revoked: sessionsRevoked, agents_suspended: agentsSuspended, ...cancelled },
      });
      return { activated: true, timestamp: iso(tx.now), sessionsRevoked, agentsSuspended, cancelled };
    });
    this.#changed();
    return activation;
  }

  /** Throws KILL_SWITCH_NOT_ACTIVE unless there is something to recover from. */
  assertRecoverable(): void {
    this.#recovery.assertPossible();
  }

  /** The two-step way out; see `Recovery.recover`. */
  async recover(request: RecoverRequest): Promise<Recovered> {
    const recovered = await this.#recovery.recover(request);
    this.#changed();
    return recovered;
  }

  /** Stops a recovery; the kill switch stays on. See `Recovery.cancel`. */
  cancelRecovery(proof: CheckedProof | null): KillSwitchStatus {
    this.#recovery.cancel(proof);
    this.#changed();
    return this.status();
  }

  /**
   * Puts a new master password in the place of a forgotten one: ends every session, and a recovery under way begins anew,
   * because whoever resets the password has not waited for it. Data stays. Throws INPUT_INVALID.
   */
  async resetMasterPassword(password: string): Promise<{ readonly sessionsRevoked: number }> {
    const reset = await this.#parts.masterPassword.reset(password, (tx) => {
      if (this.#records.read().state === 'RECOVERING') this.#recovery.cancelIn(tx, 'because the master password was reset');
    });
    this.#changed();
    return reset;
  }

  #changed(): void {
    if (!this.#started) return;
    this.#timer.watch();
    void this.#followUps.run();
  }
}
