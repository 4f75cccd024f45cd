import type { AgentView, CompletionView, HealthProblem, Lease, Message, RenewalView, Snapshot, Task } from '../../preload/contract.ts';
import { escalatedOf } from './completions.ts';
import { pendingRenewals, renewalStateAt } from './renewals.ts';

/** Something that waits for the person. */
export type Need =
  | { readonly kind: 'problem'; readonly problem: HealthProblem }
  | { readonly kind: 'renewal'; readonly renewal: RenewalView }
  | { readonly kind: 'completion'; readonly completion: CompletionView }
  | { readonly kind: 'message'; readonly message: Message; readonly wantsAck: boolean }
  | { readonly kind: 'blocked'; readonly task: Task }
  | { readonly kind: 'dropped'; readonly task: Task }
  | { readonly kind: 'suspended'; readonly agent: AgentView };

const wantsAck = (message: Message): boolean => message.ack_required && message.acked_at === null;
/** A message to the person that is unread or still wants an acknowledgement. */
export const waitsFor = (message: Message, person: string): boolean =>
  message.to_role === person && (message.read_at === null || wantsAck(message));

type Grounds = Pick<Snapshot, 'status' | 'renewals' | 'completions' | 'messages' | 'tasks' | 'agents' | 'coordinator'>;

/** What waits for the person, most pressing first: what is wrong, questions, stuck work, then what is only new. */
export function needsOf({ status, renewals, completions, messages, tasks, agents, coordinator }: Grounds, now: number): readonly Need[] {
  const toPerson = messages
    .filter((message) => waitsFor(message, coordinator))
    .reverse()
    .map((message) => ({ kind: 'message', message, wantsAck: wantsAck(message) }) as const);
  return [
    ...status.problems.map((problem) => ({ kind: 'problem', problem }) as const),
    ...pendingRenewals(renewals, now)
      .filter((renewal) => renewalStateAt(renewal, now) === 'open')
      .map((renewal) => ({ kind: 'renewal', renewal }) as const),
    ...escalatedOf(completions).map((completion) => ({ kind: 'completion', completion }) as const),
    ...toPerson.filter((need) => need.wantsAck),
    ...tasks.filter((task) => task.status === 'blocked').map((task) => ({ kind: 'blocked', task }) as const),
    ...tasks.filter((task) => task.status === 'open' && task.released_reason !== null).map((task) => ({ kind: 'dropped', task }) as const),
    ...agents.filter((agent) => agent.status === 'suspended').map((agent) => ({ kind: 'suspended', agent }) as const),
    ...toPerson.filter((need) => !need.wantsAck),
  ];
}

/** Claimed tasks, the latest claim first. */
export const currentWork = (tasks: readonly Task[]): readonly Task[] =>
  tasks
    .filter((task) => task.status === 'in_progress' && task.held_by !== null)
    .sort((a, b) => (b.claimed_at ?? '').localeCompare(a.claimed_at ?? ''));

/** Clocks of two machines differ by more than this before the core's own count is believed instead. */
const SKEW_MS = 5_000;

/**
 * When a lease ends by this machine's clock. The core tells the end and the time left; where both do not fit together
 * the clocks differ, and only the time left is of use.
 */
export function leaseEnd(lease: Pick<Lease, 'expires_at' | 'ttl_remaining'>, receivedAt: number): number {
  const byClock = Date.parse(lease.expires_at);
  const byCount = receivedAt + lease.ttl_remaining * 1_000;
  return Math.abs(byClock - byCount) > SKEW_MS ? byCount : byClock;
}
