import type { RenewalView } from '../../preload/contract.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { localTime, table } from './text.ts';

/** `wheelhouse renewal list`. */
export async function renewalList({ core, input, output }: CommandContext): Promise<number> {
  const agent = input.text('agent');
  const which = input.flag('all') ? 'all' : 'waiting';
  const list = await (await core('offline')).call('renewals.list', { which, ...(agent !== undefined && { agent }) });
  const rows = list.renewals.map((renewal) => [String(renewal.id), renewal.agentName, countOf(renewal), localTime(renewal.renewedAt), stateOf(renewal)]);
  const empty = input.flag('all') ? 'No session has been renewed.' : 'No renewal waits for an answer. --all shows the others too.';
  output.result(list, rows.length === 0 ? empty : table([['ID', 'AGENT', 'RENEWAL', 'AT', 'STATE'], ...rows]));
  return EXIT.ok;
}

/** `wheelhouse renewal keep`. */
export async function renewalKeep({ core, input, output }: CommandContext): Promise<number> {
  const kept = await (await core('offline')).call('renewals.keep', { renewal_id: input.argInteger('id') });
  output.result(kept, `Kept renewal ${countOf(kept.renewal)} of ${kept.renewal.agentName} (${kept.renewal.role}).`);
  return EXIT.ok;
}

/** `wheelhouse renewal reject`. */
export async function renewalReject({ core, input, output }: CommandContext): Promise<number> {
  const { renewal } = await (await core('offline')).call('renewals.reject', { renewal_id: input.argInteger('id') });
  const said = renewal.state === 'rejected' ? 'The session is ended.' : 'The session was over before.';
  output.result({ renewal }, `Renewal ${countOf(renewal)} of ${renewal.agentName} (${renewal.role}): ${said}`);
  return EXIT.ok;
}

function countOf({ renewalCount, maxRenewals }: RenewalView): string {
  return maxRenewals === null ? String(renewalCount) : `${renewalCount}/${maxRenewals}`;
}

function stateOf({ state, windowExpiresAt, decidedAt }: RenewalView): string {
  switch (state) {
    case 'open':
      return `asked until ${localTime(windowExpiresAt!)}`;
    case 'lapsed':
      return 'not answered, can still be rejected';
    case 'kept':
    case 'rejected':
      return `${state} ${localTime(decidedAt!)}`;
    case 'final':
      return 'nobody was asked';
    case 'ended':
      return 'the session is over';
  }
}
