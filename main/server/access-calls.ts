import { z } from 'zod';
import type { Agents } from '../access/agents.ts';
import type { KillSwitch } from '../access/kill-switch.ts';
import type { Authorize, MasterPassword } from '../access/master-password.ts';
import { OWNER_CHAINS } from '../access/owner-address.ts';
import { OWNER_PROOF_ACTIONS } from '../access/owner-message.ts';
import type { OwnerProofs } from '../access/owner-proof.ts';
import type { Owners } from '../access/owners.ts';
import { PERSON } from '../access/password-lockout.ts';
import type { KillSwitchView } from '../../preload/contract.ts';
import type { CallContext, CallDefinitions } from './calls.ts';
import { oneOf, text } from './input-fields.ts';
import { OWNER_PROOF } from './owner-header.ts';
import { ownerAddress } from './owner-routes.ts';

export interface AccessCallParts {
  readonly killSwitch: KillSwitch;
  readonly masterPassword: MasterPassword;
  readonly owners: Owners;
  readonly proofs: OwnerProofs;
}

type AccessCallName = Extract<keyof CallDefinitions, `killSwitch.${string}` | `masterPassword.${string}` | `owners.${string}`>;

const password = (name: string) => text(name, 1024);
const proof = OWNER_PROOF.optional();
const chain = oneOf('chain', OWNER_CHAINS).optional();
const agent = text('agent', 60);
const address = text('address', 100);

const NOTHING = z.strictObject({});
const ACTIVATE = z.strictObject({ reason: text('reason', 500) });
const RECOVER = z.strictObject({ master_password: password('master_password'), proof, without_owner: z.boolean({ error: 'without_owner must be true or false' }).optional() });
const SET = z.strictObject({ password: password('password') });
const CHANGE = z.strictObject({ current: password('current'), password: password('password') });
const CHALLENGE = z.strictObject({ address, chain, action: oneOf('action', OWNER_PROOF_ACTIONS) });
const SET_OWNER = z.strictObject({ agent, address, chain, master_password: password('master_password'), proof });
const REMOVE_OWNER = z.strictObject({ agent, master_password: password('master_password') });
const VERIFY_OWNER = z.strictObject({ agent, proof: OWNER_PROOF });

/** What the person does about kill switch, master password and owners, through windows and the command line. */
export function accessCalls(agents: Agents, parts: AccessCallParts): Pick<CallDefinitions, AccessCallName> {
  const { killSwitch, masterPassword, owners, proofs } = parts;
  const view = (): KillSwitchView => killSwitchView(parts);
  const knows = (given: string, { from = PERSON }: CallContext): Authorize => async () => masterPassword.verify(given, from);
  return {
    'killSwitch.get': { by: 'window', args: NOTHING, run: view },
    'killSwitch.activate': { by: 'window', args: ACTIVATE, run: ({ reason }) => killSwitch.activate({ reason, actor: 'admin' }) },
    'killSwitch.recover': {
      by: 'window',
      args: RECOVER,
      run: async ({ master_password, proof: signed = null, without_owner }, context) =>
        killSwitch.recover({ authorize: knows(master_password, context), proof: signed, withoutOwner: without_owner }),
    },
    'killSwitch.cancelRecovery': {
      by: 'window',
      args: NOTHING,
      run: () => {
        killSwitch.cancelRecovery(null);
        return view();
      },
    },
    'masterPassword.set': {
      by: 'window',
      args: SET,
      run: async (args) => {
        await masterPassword.setFirst(args.password);
        return { set: true };
      },
    },
    'masterPassword.change': {
      by: 'window',
      args: CHANGE,
      run: async (args, context) => {
        await masterPassword.change(knows(args.current, context), args.password);
        return { set: true };
      },
    },
    'masterPassword.reset': { by: 'cli', args: SET, run: async (args) => killSwitch.resetMasterPassword(args.password) },
    'owners.list': { by: 'window', args: NOTHING, run: () => ({ owners: owners.list() }) },
    'owners.challenge': { by: 'window', args: CHALLENGE, run: async ({ action, ...owner }) => proofs.challenge(ownerAddress(owner), action) },
    'owners.set': {
      by: 'window',
      args: SET_OWNER,
      run: async ({ master_password, proof: signed = null, ...given }, context) => {
        const auth = { authorize: knows(master_password, context), proof: signed };
        return { owner: await owners.set(agents.find(given.agent), ownerAddress(given), auth) };
      },
    },
    'owners.remove': {
      by: 'window',
      args: REMOVE_OWNER,
      run: async (args, context) => ({ owner: await owners.remove(agents.find(args.agent), { authorize: knows(args.master_password, context), proof: null }) }),
    },
    'owners.verify': {
      by: 'window',
      args: VERIFY_OWNER,
      run: async (args) => ({ owner: owners.verify(agents.find(args.agent), await proofs.check(args.proof, 'verify_owner')) }),
    },
  };
}

/** How the kill switch stands, for windows and command line. */
export function killSwitchView({ killSwitch, masterPassword }: Pick<AccessCallParts, 'killSwitch' | 'masterPassword'>): KillSwitchView {
  return { ...killSwitch.status(), masterPasswordSet: masterPassword.isSet() };
}
