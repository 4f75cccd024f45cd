import { z } from 'zod';
import type { KillSwitch } from '../access/kill-switch.ts';
import type { Authorize, MasterPassword } from '../access/master-password.ts';
import type { Nonces } from '../access/nonces.ts';
import { OWNER_CHAINS } from '../access/owner-address.ts';
import { OWNER_PROOF_ACTIONS } from '../access/owner-message.ts';
import type { OwnerProofs } from '../access/owner-proof.ts';
import { parseInput } from '../bus/inputs.ts';
import { oneOf, text } from './input-fields.ts';
import { ownerProofIn } from './owner-header.ts';
import { callerSource } from './password-source.ts';
import type { Access, Exchange, Route } from './routes.ts';

export interface AdminRouteParts {
  readonly killSwitch: KillSwitch;
  readonly masterPassword: MasterPassword;
  readonly nonces: Nonces;
  readonly proofs: OwnerProofs;
}

const password = z.string({ error: 'masterPassword must be text' }).optional();

const ACTIVATE = z.strictObject({ masterPassword: password, reason: text('reason', 500) });
const RECOVER = z.strictObject({
  masterPassword: password,
  step: z.union([z.literal(1), z.literal(2)], { error: 'step must be 1 or 2' }).optional(),
  withoutOwner: z.boolean({ error: 'withoutOwner must be true or false' }).optional(),
});
const CANCEL = z.strictObject({ masterPassword: password });
const SET_PASSWORD = z.strictObject({ masterPassword: password, newPassword: text('newPassword', 1024) });
const CHALLENGE = z.strictObject({
  chain: oneOf('chain', OWNER_CHAINS),
  address: text('address', 100),
  action: oneOf('action', OWNER_PROOF_ACTIONS),
});

/** Kill switch, recovery, master password and nonces over HTTP (seed 004, DESIGN §6). */
export function adminRoutes(parts: AdminRouteParts): readonly Route[] {
  const shared = { errors: 'envelope', whileLocked: 'allowed' } as const;
  const read = { ...shared, methods: ['GET'], auth: ['public'], body: 'none' } as const;
  const write = { ...shared, methods: ['POST'], body: 'json' } as const;
  const anybody = ['ui', 'master', 'owner'] as const;
  return [
    { ...read, path: '/v1/auth/nonce', handle: async (exchange) => nonce(parts, exchange) },
    { ...read, path: '/v1/admin/status', handle: () => Response.json({ killSwitch: parts.killSwitch.status() }) },
    { ...read, path: '/v1/admin/kill-switch', handle: () => Response.json(parts.killSwitch.status()) },
    { ...write, path: '/v1/admin/kill-switch', auth: anybody, ownerAction: 'kill_switch', handle: async (exchange) => activate(parts, exchange) },
    { ...write, path: '/v1/admin/recover', auth: ['master'], handle: async (exchange) => recover(parts, exchange) },
    { ...write, path: '/v1/admin/cancel-recovery', auth: anybody, ownerAction: 'cancel_recovery', handle: async (exchange) => cancel(parts, exchange) },
    { ...write, path: '/v1/admin/master-password', auth: ['ui', 'master'], whileLocked: 'refused', handle: async (exchange) => setPassword(parts, exchange) },
  ];
}

/** With chain, address and action in the query, also the text to sign. */
async function nonce({ nonces, proofs }: AdminRouteParts, { url }: Exchange): Promise<Response> {
  if (url.search === '') return Response.json(nonces.issue());
  const { action, ...owner } = parseInput(CHALLENGE, 'the query', Object.fromEntries(url.searchParams));
  return Response.json(await proofs.challenge(owner, action));
}

async function activate({ killSwitch }: AdminRouteParts, exchange: Exchange): Promise<Response> {
  const proof = await consent(exchange);
  const { reason } = parseInput(ACTIVATE, 'the kill switch', exchange.body ?? {});
  return Response.json(killSwitch.activate({ reason, actor: proof === null ? 'admin' : 'owner', proof }));
}

async function recover({ killSwitch }: AdminRouteParts, { access, request, body }: Exchange): Promise<Response> {
  killSwitch.assertRecoverable();
  const { masterPassword: _checked, ...asked } = parseInput(RECOVER, 'a recovery', body ?? {});
  const answer = await killSwitch.recover({ ...asked, authorize: offered(access, body), proof: ownerProofIn(request.headers.get('authorization')) });
  return Response.json(answer, { status: answer.status === 'RECOVERING' ? 202 : 200 });
}

async function cancel({ killSwitch }: AdminRouteParts, exchange: Exchange): Promise<Response> {
  const proof = await consent(exchange);
  parseInput(CANCEL, 'cancelling a recovery', exchange.body ?? {});
  return Response.json(killSwitch.cancelRecovery(proof));
}

/** The person sets the first password; whoever has it changes it. */
async function setPassword({ masterPassword }: AdminRouteParts, { access, body }: Exchange): Promise<Response> {
  if (access.class === 'ui' && !masterPassword.isSet()) {
    await masterPassword.setFirst(parseInput(SET_PASSWORD, 'the master password', body ?? {}).newPassword);
    return Response.json({ set: true });
  }
  const authorize: Authorize = access.class === 'ui' ? async () => masterPassword.verify(passwordOf(body), callerSource(access)) : offered(access, body);
  await masterPassword.change(authorize, parseInput(SET_PASSWORD, 'the master password', body ?? {}).newPassword);
  return Response.json({ set: true });
}

/** The proof of the owner who asks; null when the person or a caller with the master password does. */
async function consent({ access, body }: Exchange) {
  if (access.class === 'owner') return access.proof;
  if (access.class === 'master') await access.offer.from(body)();
  return null;
}

function offered(access: Access, body: unknown): Authorize {
  if (access.class !== 'master') throw new Error('a request for the master password came through a route of another class');
  return access.offer.from(body);
}

function passwordOf(body: unknown): string | null {
  const { masterPassword } = (body ?? {}) as { readonly masterPassword?: unknown };
  return typeof masterPassword === 'string' ? masterPassword : null;
}
