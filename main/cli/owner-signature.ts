import type { CallArgs, OwnerProof } from '../../preload/contract.ts';
import type { Core } from './core.ts';
import type { Output } from './output.ts';
import type { SecretPrompt } from './secret-prompt.ts';

/** Shows an owner the text to sign and takes the signature, as a wallet gives it. */
export async function signedBy(core: Core, wanted: CallArgs<'owners.challenge'>, input: SecretPrompt, output: Output): Promise<OwnerProof> {
  const { expiresAt: _shown, ...challenge } = await core.call('owners.challenge', wanted);
  output.note(`Sign exactly this text with ${challenge.address}, within five minutes:\n\n${challenge.message}\n`);
  return { ...challenge, signature: (await input.ask('Signature')).trim() };
}
