import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Agents } from './agents.ts';
import { CallRate } from './call-rate.ts';
import type { KillSwitch } from './kill-switch.ts';

/** What a rule does when it is broken; by default never the kill switch (DESIGN §6). */
export type AutoStopAction = 'warn' | 'suspend_agent' | 'kill_switch';

export interface AutoStopRules {
  /** Failed runs in a row; null: not watched. */
  readonly failures: number | null;
  readonly failuresAction: AutoStopAction;
  /** Calls in five minutes; null: not watched. */
  readonly calls: number | null;
  readonly callsAction: AutoStopAction;
}

export interface AutoStopParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly agents: Agents;
  readonly killSwitch: Pick<KillSwitch, 'activate'>;
  readonly rules: AutoStopRules;
  /** Takes the notice in, inside the transaction in which the rule acts. */
  readonly notify: (tx: Tx, notice: AutoStopNotice) => void;
}

/** What people should hear when a rule has acted. */
export interface AutoStopNotice {
  readonly agentName: string;
  /** As `3 runs in a row failed`. */
  readonly what: string;
  readonly action: AutoStopAction;
}

/** Begins the reason of everybody whom a rule suspends. */
const REASON = 'AUTO_STOP: ';

/** Stops what runs wild before a person notices. */
export class AutoStop {
  readonly #parts: AutoStopParts;
  readonly #rate: CallRate;

  constructor(parts: AutoStopParts) {
    this.#parts = parts;
    this.#rate = new CallRate(parts.rules.calls);
  }

  /** A run of the agent failed. The count survives a restart, and begins anew when the rule has acted. */
  runFailed(agentId: string): void {
    const { store, rules } = this.#parts;
    if (rules.failures === null) return;
    const limit = rules.failures;
    const broken = store.transact((tx) => {
      const failures = store.db.prepare('UPDATE agents SET failures = failures + 1 WHERE id = ? RETURNING failures').pluck().get(agentId) as number | undefined;
      if (failures === undefined || failures < limit) return null;
      store.db.prepare('UPDATE agents SET failures = 0 WHERE id = ?').run(agentId);
      const what = `${limit} runs in a row failed`;
      this.#note(tx, agentId, 'failures', rules.failuresAction, what);
      return what;
    });
    if (broken !== null) this.#pull(rules.failuresAction, agentId, broken);
  }

  /** A run of the agent went well: what failed before does not count any more. */
  runSucceeded(agentId: string): void {
    const { store } = this.#parts;
    store.transact(() => void store.db.prepare('UPDATE agents SET failures = 0 WHERE id = ? AND failures > 0').run(agentId));
  }

  /** The agent made a call. A limit that stays exceeded acts once. */
  called(agentId: string): void {
    const { store, clock, rules } = this.#parts;
    if (!this.#rate.note(agentId, clock.monotonic())) return;
    const what = `more than ${rules.calls} calls in five minutes`;
    store.transact((tx) => this.#note(tx, agentId, 'calls', rules.callsAction, what));
    this.#pull(rules.callsAction, agentId, what);
  }

  /** The line in the log, and with it what the rule does to the agent. */
  #note(tx: Tx, agentId: string, rule: 'failures' | 'calls', action: AutoStopAction, what: string): void {
    const { name, role } = this.#parts.agents.find(agentId);
    tx.event({
      kind: 'agent',
      action: 'auto_stop',
      role,
      subject: `agent:${agentId}`,
      text: `Auto-stop for ${name}: ${what}`,
      data: { notice: 'AUTO_STOP_TRIGGERED', name, what, rule, action },
    });
    this.#parts.notify(tx, { agentName: name, what, action });
    if (action === 'suspend_agent') this.#parts.agents.suspendIn(tx, agentId, REASON + what);
  }

  #pull(action: AutoStopAction, agentId: string, what: string): void {
    if (action !== 'kill_switch') return;
    const { name } = this.#parts.agents.find(agentId);
    try {
      this.#parts.killSwitch.activate({ reason: `Auto-stop for ${name}: ${what}`, actor: 'auto_stop' });
    } catch (error) {
      // Pulled already: there is nothing left to stop.
      if (!(error instanceof AppError && error.code === 'KILL_SWITCH_ALREADY_ACTIVE')) throw error;
    }
  }
}
