import { z } from 'zod';
import type { Agents } from '../access/agents.ts';
import { OWNER_CHAINS, type OwnerAddress } from '../access/owner-address.ts';
import type { Owners } from '../access/owners.ts';
import { parseInput } from '../bus/inputs.ts';
import { oneOf, text } from './input-fields.ts';
import { ownerProofIn } from './owner-header.ts';
import type { Exchange, Route } from './routes.ts';

export interface OwnerRouteParts {
  readonly agents: Agents;
  readonly owners: Owners;
}

const OWNER = z.strictObject({
  address: text('owner.address', 100),
  chain: oneOf('owner.chain', OWNER_CHAINS).optional(),
});
const CHANGE = z.strictObject({
  masterPassword: z.string({ error: 'masterPassword must be text' }).optional(),
  owner: OWNER.nullable(),
});

/** Owners over HTTP (waiaas.md §14). Nothing here works while the kill switch is on. */
export function ownerRoutes(parts: OwnerRouteParts): readonly Route[] {
  const shared = { whileLocked: 'refused', errors: 'envelope' } as const;
  return [
    { ...shared, methods: ['PATCH'], path: '/v1/agents/:id', auth: ['master'], body: 'json', handle: async (exchange) => change(parts, exchange) },
    { ...shared, methods: ['POST'], path: '/v1/agents/:id/owner/verify', auth: ['owner'], ownerAction: 'verify_owner', body: 'json', handle: (exchange) => verify(parts, exchange) },
  ];
}

/** Registers, replaces or (with null) removes the owner. `Authorization` carries the consent of the owner there is. */
async function change({ agents, owners }: OwnerRouteParts, { access, params, body, request }: Exchange): Promise<Response> {
  if (access.class !== 'master') throw new Error('an owner was changed through a route of another class');
  const authorize = access.offer.from(body);
  const { owner } = parseInput(CHANGE, 'an agent', body);
  const auth = { authorize, proof: ownerProofIn(request.headers.get('authorization')) };
  const agent = agents.find(params['id']!);
  return Response.json(owner === null ? await owners.remove(agent, auth) : await owners.set(agent, ownerAddress(owner), auth));
}

function verify({ agents, owners }: OwnerRouteParts, { access, params }: Exchange): Response {
  if (access.class !== 'owner') throw new Error('an owner was verified through a route of another class');
  return Response.json(owners.verify(agents.find(params['id']!), access.proof));
}

/** Ethereum addresses begin with 0x, which no Solana address does. */
export function ownerAddress({ address, chain }: { readonly address: string; readonly chain?: OwnerAddress['chain'] | undefined }): OwnerAddress {
  return { address, chain: chain ?? (address.startsWith('0x') ? 'ethereum' : 'solana') };
}
