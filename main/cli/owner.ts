import type { OwnerView } from '../../preload/contract.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { signedBy } from './owner-signature.ts';
import { SecretPrompt } from './secret-prompt.ts';
import { table } from './text.ts';

const STATES: Readonly<Record<OwnerView['state'], string>> = { NONE: 'none', GRACE: 'registered, not verified', LOCKED: 'verified' };

/** `wheelhouse owner list`. */
export async function ownerList({ core, output }: CommandContext): Promise<number> {
  const list = await (await core('offline')).call('owners.list', {});
  const rows = list.owners.map(({ agentName, state, chain, address }) => [agentName, STATES[state], chain ?? '', address ?? '']);
  output.result(list, rows.length === 0 ? 'There are no agents yet.' : table([['AGENT', 'OWNER', 'CHAIN', 'ADDRESS'], ...rows]));
  return EXIT.ok;
}

/** `wheelhouse owner set`: registers one, or replaces the one there is; a verified one must sign for that. */
export async function ownerSet({ core, input, output, io }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const secrets = new SecretPrompt(io);
  try {
    const [agent, address] = [input.argText('agent'), input.argText('address')];
    const master_password = await secrets.ask('Master password');
    const { owners } = await opened.call('owners.list', {});
    const present = owners.find(({ agentName, agentId }) => agentId === agent || agentName.toLowerCase() === agent.toLowerCase());
    const proof = present?.state === 'LOCKED' ? await signedBy(opened, { address: present.address!, action: 'change_owner' }, secrets, output) : null;
    const answer = await opened.call('owners.set', { agent, address, master_password, ...(proof && { proof }) });
    output.result(answer, `${answer.owner.agentName} belongs to ${address} (${STATES[answer.owner.state]}).`);
    return EXIT.ok;
  } finally {
    secrets.close();
  }
}

/** `wheelhouse owner remove`. */
export async function ownerRemove({ core, input, output, io }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const secrets = new SecretPrompt(io);
  try {
    const master_password = await secrets.ask('Master password');
    const answer = await opened.call('owners.remove', { agent: input.argText('agent'), master_password });
    output.result(answer, `${answer.owner.agentName} has no owner.`);
    return EXIT.ok;
  } finally {
    secrets.close();
  }
}

/** `wheelhouse owner verify`: the owner signs a text, which locks them in. */
export async function ownerVerify({ core, input, output, io }: CommandContext): Promise<number> {
  const opened = await core('running');
  const secrets = new SecretPrompt(io);
  try {
    const agent = input.argText('agent');
    const proof = await signedBy(opened, { address: input.argText('address'), action: 'verify_owner' }, secrets, output);
    const answer = await opened.call('owners.verify', { agent, proof });
    output.result(answer, `The owner of ${answer.owner.agentName} is verified.`);
    return EXIT.ok;
  } finally {
    secrets.close();
  }
}
