import type { CallResult, KillSwitchView } from '../../preload/contract.ts';
import { AppError } from '../base/errors.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError } from './input.ts';
import { signedBy } from './owner-signature.ts';
import { SecretPrompt } from './secret-prompt.ts';
import { count, localTime } from './text.ts';

/** `wheelhouse kill`: works at once, with a running core and without. */
export async function kill({ core, input, output }: CommandContext): Promise<number> {
  const reason = input.text('reason') ?? 'pulled on the command line';
  const opened = await core('offline');
  const done = await opened.call('killSwitch.activate', { reason });
  output.result(
    done,
    `Stopped: ${count(done.sessionsRevoked, 'session')} revoked, ${count(done.agentsSuspended, 'agent')} suspended. Nothing may act until you recover: wheelhouse recover`,
  );
  const { masterPasswordSet } = await opened.call('killSwitch.get', {});
  if (!masterPasswordSet) output.note('No master password is set yet, and recovering takes one: wheelhouse master-password set');
  return EXIT.ok;
}

/** `wheelhouse recover`: the first step begins the wait, the second ends it. */
export async function recover({ core, input, output, io }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const owner = input.text('owner');
  const { state, hasOwner } = await opened.call('killSwitch.get', {});
  if (state === 'NORMAL') throw new AppError('KILL_SWITCH_NOT_ACTIVE', 'The kill switch is not on: there is nothing to recover from.');
  if (state === 'ACTIVATED' && hasOwner && owner === undefined && !input.flag('without-owner')) {
    throw new UsageError('An agent has an owner, so the first step takes their signature too: wheelhouse recover --owner ADDRESS');
  }
  const secrets = new SecretPrompt(io);
  try {
    const master_password = await secrets.ask('Master password');
    // Only the first step takes a signature.
    const proof = owner === undefined || state === 'RECOVERING' ? null : await signedBy(opened, { address: owner, action: 'recover' }, secrets, output);
    const answer = await opened.call('killSwitch.recover', { master_password, ...(proof && { proof }), ...(input.flag('without-owner') && { without_owner: true }) });
    output.result(answer, told(answer));
    return EXIT.ok;
  } finally {
    secrets.close();
  }
}

/** `wheelhouse cancel-recovery`. */
export async function cancelRecovery({ core, output }: CommandContext): Promise<number> {
  const view = await (await core('offline')).call('killSwitch.cancelRecovery', {});
  output.result(view, 'The recovery was cancelled. The kill switch stays on; the next recovery waits from its own beginning.');
  return EXIT.ok;
}

function told(answer: CallResult<'killSwitch.recover'>): string {
  if (answer.status === 'NORMAL') return `Recovered: ${count(answer.agentsReactivated, 'agent')} may act again. Their old sessions stay revoked; make new ones with: wheelhouse session create --agent <name>`;
  return `The recovery has begun. Run the same command again after ${localTime(answer.recoveryEligibleAt)}. To stop it: wheelhouse cancel-recovery`;
}

/** One line for `wheelhouse status`. */
export function killSwitchLine(view: KillSwitchView): string {
  if (view.state === 'NORMAL') return view.masterPasswordSet ? 'off' : 'off; no master password is set yet (wheelhouse master-password set)';
  const pulled = `on since ${view.activatedAt === null ? 'an unknown time' : localTime(view.activatedAt)}${view.reason === null ? '' : ` (${view.reason})`}`;
  if (view.state === 'ACTIVATED') return pulled;
  if (view.recoveryEligibleAt === null) return `${pulled}; the record of the recovery is damaged: wheelhouse cancel-recovery`;
  return `${pulled}; recovery possible ${view.remainingSeconds === 0 ? 'now' : `after ${localTime(view.recoveryEligibleAt)}`}`;
}
