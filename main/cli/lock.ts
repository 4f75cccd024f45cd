import type { Lease, LockLossReason } from '../bus/types.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { localTime, oneLine, table } from './text.ts';

/** `wheelhouse lock list`. */
export async function lockList({ core, output }: CommandContext): Promise<number> {
  const list = await (await core('offline')).call('locks.list', {});
  const held = list.locks.map((lease) => [oneLine(lease.resource), holder(lease), String(lease.fence), `${lease.ttl_remaining} s`, oneLine(lease.intent)]);
  const waiting = list.waiters.map((waiter) => `${oneLine(waiter.resource)}: ${waiter.role} waits since ${localTime(waiter.queued_at)}`);
  const text = held.length === 0 ? 'Nothing is locked.' : table([['RESOURCE', 'HELD BY', 'FENCE', 'LEFT', 'INTENT'], ...held]);
  output.result(list, [text, ...waiting].join('\n'));
  return EXIT.ok;
}

function holder(lease: Lease): string {
  const who = lease.agent_name === null ? lease.held_by : `${lease.held_by} (${lease.agent_name})`;
  return lease.mode === 'shared' ? `${who}, shared` : who;
}

/** `wheelhouse lock acquire`. Ends with 4 when somebody else holds it. */
export async function lockAcquire({ core, input, output }: CommandContext): Promise<number> {
  const ttl = input.integer('ttl');
  const wait = input.integer('wait');
  const intent = input.text('intent');
  const answer = await (await core('running')).call('locks.acquire', {
    resource: input.argText('resource'),
    ...(input.flag('shared') && { mode: 'shared' as const }),
    ...(ttl !== undefined && { ttl_sec: ttl }),
    ...(wait !== undefined && { wait_sec: wait }),
    ...(intent !== undefined && { intent }),
  });
  if (answer.acquired) {
    output.result(answer, `Yours until ${localTime(answer.expires_at)}, fence ${answer.fence}.`);
    return EXIT.ok;
  }
  const what = answer.held_resource === answer.resource ? answer.resource : `${answer.held_resource}, which overlaps,`;
  const intended = answer.intent === '' ? '' : ` (${oneLine(answer.intent)})`;
  output.result(answer, `${oneLine(what)} is held by ${answer.held_by}${intended} for ${answer.ttl_remaining} s more. Wait for it with --wait, or ask ${answer.held_by}.`);
  return EXIT.refused;
}

const LOSS: Readonly<Record<LockLossReason, string>> = {
  not_held: 'nobody holds it',
  expired: 'your lease had expired',
  other_session: 'another session holds it',
  stale_fence: 'the fence is not that of the present lease',
};

/** `wheelhouse lock release`. */
export async function lockRelease({ core, input, output }: CommandContext): Promise<number> {
  const fence = input.integer('fence');
  const answer = await (await core('running')).call('locks.release', { resource: input.argText('resource'), ...(fence !== undefined && { fence }) });
  if (answer.released) {
    output.result(answer, `Released ${oneLine(answer.resource)}.`);
    return EXIT.ok;
  }
  const by = answer.held_by === null ? '' : ` (held by ${answer.held_by})`;
  output.result(answer, `Not released: ${LOSS[answer.reason]}${by}. See: wheelhouse lock list`);
  return EXIT.refused;
}

/** `wheelhouse lock force-release`. */
export async function lockForceRelease({ core, input, output }: CommandContext): Promise<number> {
  const answer = await (await core('running')).call('locks.forceRelease', { resource: input.argText('resource'), reason: input.text('reason')! });
  output.result(answer, `Took it from ${answer.lost_by.join(', ')}, who was told.`);
  return EXIT.ok;
}
