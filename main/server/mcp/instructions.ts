import type { Identity } from '../identity.ts';

export interface InstructionsInput {
  readonly identity: Identity;
  readonly roles: readonly string[];
  readonly coordinator: string;
  readonly resources: readonly string[];
}

/** What a client shows its model about this server: the working rules of the team (seed 001), in a few lines. */
export function instructions({ identity, roles, coordinator, resources }: InstructionsInput): string {
  const who =
    identity.kind === 'session'
      ? `You are ${identity.caller.role} on a team of ${roles.join(', ')}; ${coordinator} coordinates. Role arguments may be left out.`
      : `This is the bus of a team of ${roles.join(', ')}; ${coordinator} coordinates. Name your own role in every call.`;
  return [
    who,
    '- Start with whoami, then read_inbox; pass the returned cursor as after_id next time. Acknowledge with ack_message what asks for it.',
    '- claim_task (or claim_next_task) before you work on a task; update_task when it is done or blocked, with a note.',
    `- acquire_lock before you change something shared (${resources.slice(0, 12).join(', ')}, or path patterns such as src/**); heartbeat_lock during long work, release_lock when done. acquired:false means do not change it.`,
    '- Do not poll: wait_sec (up to 50) on read_inbox and acquire_lock waits for you.',
    '- Send an idempotency_key with calls that change something and repeat it unchanged when you retry.',
  ].join('\n');
}
