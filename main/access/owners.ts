import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Agent } from './agents.ts';
import type { Guard } from './guard.ts';
import type { Authorize } from './master-password.ts';
import { assertOwnerAddress, type OwnerAddress, type OwnerChain } from './owner-address.ts';
import type { CheckedProof, OwnerProof, OwnerProofs } from './owner-proof.ts';
import { ownerTransition, resolveOwnerState, type OwnerAction, type OwnerState, type OwnerTransition } from './owner-state.ts';

/** Whom an agent belongs to. */
export interface Owner {
  readonly agentId: string;
  readonly agentName: string;
  readonly state: OwnerState;
  readonly chain: OwnerChain | null;
  readonly address: string | null;
}

/** What somebody who changes an owner brings along. */
export interface OwnerChangeAuth {
  readonly authorize: Authorize;
  /** The signature of the owner there is; only a verified one is asked for it. */
  readonly proof: OwnerProof | null;
}

export interface OwnersParts {
  readonly store: Store;
  readonly guard: Guard;
  readonly proofs: OwnerProofs;
}

/** 401 where the signature is part of proving who calls (recovery), 403 where the caller is known (waiaas.md §13, #16). */
class OwnerConsentMissing extends AppError {
  override get status(): number {
    return 403;
  }
}

interface Row {
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  readonly chain: OwnerChain | null;
  readonly address: string | null;
  readonly verified: 0 | 1;
}

const SELECT = 'SELECT id AS agentId, name AS agentName, role, owner_chain AS chain, owner_address AS address, owner_verified AS verified FROM agents';

/** Registers, verifies, changes and removes owners by the table of waiaas.md §5.1. Nothing changes while the kill switch is on. */
export class Owners {
  readonly #parts: OwnersParts;

  constructor(parts: OwnersParts) {
    this.#parts = parts;
  }

  of(agentId: string): Owner {
    return view(this.#row(agentId));
  }

  /** Of every agent, those without an owner too. */
  list(): readonly Owner[] {
    return (this.#parts.store.db.prepare(`${SELECT} ORDER BY created_at, rowid`).all() as Row[]).map(view);
  }

  /** Whether any agent has an owner: what decides how a recovery goes, for the whole system (seed 004). */
  any(): boolean {
    return this.#parts.store.db.prepare('SELECT 1 FROM agents WHERE owner_address IS NOT NULL LIMIT 1').get() !== undefined;
  }

  /** Whether any owner has ever proven to hold the key. */
  anyVerified(): boolean {
    return this.#parts.store.db.prepare('SELECT 1 FROM agents WHERE owner_verified = 1 LIMIT 1').get() !== undefined;
  }

  /**
   * Registers an owner, or puts another in the place of the present one. Throws SYSTEM_LOCKED, INPUT_INVALID, what
   * `authorize` and `OwnerProofs.check` throw, OWNER_AUTH_REQUIRED, OWNER_MISMATCH, CONFLICT.
   */
  async set(agent: Agent, owner: OwnerAddress, auth: OwnerChangeAuth): Promise<Owner> {
    this.#parts.guard.assertOperational();
    await assertOwnerAddress(owner);
    const same = ({ chain, address }: Row): boolean => chain === owner.chain && address === owner.address;
    return this.#change(agent, 'set', auth, same, (tx, transition) => {
      const { db } = this.#parts.store;
      db.prepare('UPDATE agents SET owner_chain = ?, owner_address = ?, owner_verified = ? WHERE id = ?').run(
        owner.chain,
        owner.address,
        transition.to === 'LOCKED' ? 1 : 0,
        agent.id,
      );
      const changed = transition.event === 'OWNER_ADDRESS_CHANGED';
      tx.event({
        kind: 'agent',
        action: changed ? 'owner_changed' : 'owner_registered',
        role: agent.role,
        subject: `agent:${agent.id}`,
        text: changed ? `${agent.name} has another owner now: ${owner.address}` : `${agent.name} got an owner: ${owner.address}`,
        data: { notice: transition.event, name: agent.name, chain: owner.chain, address: owner.address },
      });
    });
  }

  /** Takes an owner away who has not signed anything yet. Throws as {@link set}, and OWNER_LOCKED. */
  async remove(agent: Agent, auth: OwnerChangeAuth): Promise<Owner> {
    this.#parts.guard.assertOperational();
    return this.#change(agent, 'remove', auth, () => false, (tx, transition) => {
      this.#parts.store.db.prepare('UPDATE agents SET owner_chain = NULL, owner_address = NULL, owner_verified = 0 WHERE id = ?').run(agent.id);
      tx.event({
        kind: 'agent',
        action: 'owner_removed',
        role: agent.role,
        subject: `agent:${agent.id}`,
        text: `${agent.name} has no owner any more`,
        data: { notice: transition.event, name: agent.name },
      });
    });
  }

  /**
   * The owner shows that they can sign (`verify_owner`), which locks them in. Repeating it changes nothing. Throws
   * SYSTEM_LOCKED, NO_OWNER, OWNER_MISMATCH, INVALID_NONCE.
   */
  verify(agent: Agent, proof: CheckedProof): Owner {
    this.#parts.store.transact((tx) => {
      this.#parts.guard.assertOperational();
      const row = this.#row(agent.id);
      if (ownerTransition(stateOf(row), 'verify') === 'NO_OWNER') throw noOwner(agent);
      assertOwnedBy(row, proof);
      proof.spend(tx);
    });
    return this.of(agent.id);
  }

  async #change(
    agent: Agent,
    action: Exclude<OwnerAction, 'verify'>,
    auth: OwnerChangeAuth,
    unchanged: (row: Row) => boolean,
    carryOut: (tx: Tx, transition: OwnerTransition) => void,
  ): Promise<Owner> {
    const row = this.#row(agent.id);
    await auth.authorize();
    const transition = ownerTransition(stateOf(row), action);
    if (transition === 'unchanged' || unchanged(row)) return view(row);
    if (transition === 'NO_OWNER') throw noOwner(agent);
    if (transition === 'OWNER_LOCKED') throw new AppError('OWNER_LOCKED', `The owner of ${agent.name} is verified and cannot be removed, only replaced, with their signature.`, { agent: agent.name });
    const checked = transition.needs === 'both' ? await this.#consent(agent, row, auth.proof) : null;
    this.#parts.store.transact((tx) => {
      this.#parts.guard.assertOperational();
      const now = this.#row(agent.id);
      if (now.address !== row.address || now.chain !== row.chain || now.verified !== row.verified) {
        throw new AppError('CONFLICT', `The owner of ${agent.name} was changed by somebody else in the meantime. Look again and repeat.`, { agent: agent.name });
      }
      checked?.spend(tx);
      carryOut(tx, transition);
    });
    return this.of(agent.id);
  }

  async #consent(agent: Agent, row: Row, proof: OwnerProof | null): Promise<CheckedProof> {
    if (proof === null) {
      throw new OwnerConsentMissing('OWNER_AUTH_REQUIRED', `The owner of ${agent.name} is verified, so another can only be put in their place with their signature for 'change_owner'.`, {
        agent: agent.name,
      });
    }
    const checked = await this.#parts.proofs.check(proof, 'change_owner');
    assertOwnedBy(row, checked);
    return checked;
  }

  #row(agentId: string): Row {
    const row = this.#parts.store.db.prepare(`${SELECT} WHERE id = ?`).get(agentId) as Row | undefined;
    if (row === undefined) throw new AppError('AGENT_NOT_FOUND', `There is no agent '${agentId}'.`, { agent: agentId });
    return row;
  }
}

function stateOf({ address, verified }: Row): OwnerState {
  return resolveOwnerState({ ownerAddress: address, ownerVerified: verified === 1 });
}

function view(row: Row): Owner {
  const { agentId, agentName, chain, address } = row;
  return { agentId, agentName, state: stateOf(row), chain, address };
}

function assertOwnedBy({ agentName, chain, address }: Row, proof: OwnerAddress): void {
  if (proof.chain === chain && proof.address === address) return;
  throw new AppError('OWNER_MISMATCH', `${proof.address} is not the owner of ${agentName}.`, { agent: agentName });
}

function noOwner({ name }: Agent): AppError {
  return new AppError('NO_OWNER', `${name} has no owner. Register one first.`, { agent: name });
}
