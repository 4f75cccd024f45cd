import { KillSwitch, type KillSwitchParts } from '../../main/access/kill-switch.ts';
import type { Notice } from '../../main/access/follow-ups.ts';
import { MasterPassword } from '../../main/access/master-password.ts';
import { Nonces } from '../../main/access/nonces.ts';
import { Owners } from '../../main/access/owners.ts';
import { OwnerProofs } from '../../main/access/owner-proof.ts';
import { PERSON, type PasswordSource } from '../../main/access/password-lockout.ts';
import { makeAccess } from './access-rig.ts';

export const ORIGIN = 'http://127.0.0.1:3100';
export const PASSWORD = 'correct horse battery';
/** Argon2id as cheap as it gets: these tests are about what follows from right and wrong. */
export const CHEAP = { memoryKib: 64, passes: 1, lanes: 1 } as const;
export const WEB: PasswordSource = { kind: 'remote', name: 'address 127.0.0.1' };
export { PERSON };

/** The access room with owners, master password and kill switch; `said` has every announcement, `reports` every failure. */
export function makeKillSwitchRig(options: Partial<Pick<KillSwitchParts, 'cancels' | 'stops' | 'announce' | 'waits'>> = {}) {
  const access = makeAccess();
  const { store, clock, guard, sessions, agents } = access;
  const said: Notice[] = [];
  const reports: string[] = [];
  const masterPassword = new MasterPassword({ store, clock, cost: CHEAP, revokeSessions: (tx, reason) => sessions.revokeAll(tx, reason) });
  const nonces = new Nonces(store);
  const proofs = new OwnerProofs({ store, clock, nonces, origin: () => ORIGIN });
  const owners = new Owners({ store, guard, proofs });
  /** One run of the program: a second one on the same data is a restart, with another configuration when told so. */
  const start = (changes: Partial<Pick<KillSwitchParts, 'waits'>> = {}): KillSwitch =>
    new KillSwitch({
      store,
      clock,
      sessions,
      agents,
      owners,
      proofs,
      masterPassword,
      waits: { owner: 1800, noOwner: 86_400 },
      cancels: [],
      stops: [],
      announce: async (notice) => void said.push(notice),
      report: (what) => void reports.push(what),
      ...options,
      ...changes,
    });
  /** What a caller brings who sends this password. */
  const withPassword = (password: string | null = PASSWORD, source: PasswordSource = PERSON) => ({ authorize: async () => masterPassword.verify(password, source) });
  const setState = (key: string, value: string | null): void => {
    if (value === null) store.db.prepare('DELETE FROM system_state WHERE key = ?').run(key);
    else store.db.prepare('INSERT OR REPLACE INTO system_state VALUES (?,?,0)').run(key, value);
  };
  const state = (): Record<string, string> =>
    Object.fromEntries(store.db.prepare('SELECT key, value FROM system_state ORDER BY key').raw().all() as [string, string][]);
  return { ...access, masterPassword, nonces, proofs, owners, killSwitch: start(), start, said, reports, withPassword, setState, state };
}

/** What a promise or function throws, as `CODE status`; a test fails when it throws nothing. */
export async function refusalOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    const { code, status } = error as { code?: string; status?: number };
    return `${code ?? String(error)} ${status ?? ''}`.trim();
  }
  throw new Error('nothing was thrown');
}

/** Agents made in the same millisecond have no other order. */
export function byName<T extends { readonly name: string }>(agents: readonly T[]): readonly T[] {
  return agents.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
