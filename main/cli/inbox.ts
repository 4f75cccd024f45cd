import { loadConfig } from '../config/load.ts';
import type { Message } from '../bus/types.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { harmless, localTime } from './text.ts';

const DEFAULT_LIMIT = 50;

/** `wheelhouse inbox`: looking marks nothing, because the role has not read it. */
export async function inbox({ core, input, output, dataDir, io }: CommandContext): Promise<number> {
  const role = input.optionalArg('role') ?? loadConfig({ dataDir, env: io.env }).bus.coordinator;
  const before = input.integer('before');
  const page = await (await core('offline')).call('messages.inbox', { role, limit: input.integer('limit') ?? DEFAULT_LIMIT, ...(before !== undefined && { before_id: before }) });
  const oldestFirst = page.messages.toReversed();
  const more = page.has_more ? `\n\nOlder ones: wheelhouse inbox ${role} --before ${oldestFirst[0]!.id}` : '';
  output.result(page, oldestFirst.length === 0 ? `The inbox of ${role} is empty.` : oldestFirst.map(paragraph).join('\n\n') + more);
  return EXIT.ok;
}

function paragraph(message: Message): string {
  const marks = [
    localTime(message.ts),
    ...(message.importance === 'normal' ? [] : [message.importance]),
    ...(message.thread_id === '' ? [] : [`thread ${harmless(message.thread_id)}`]),
    message.read_at === null ? 'unread' : 'read',
    ...(message.ack_required ? [message.acked_at === null ? 'wants an answer' : 'acknowledged'] : []),
    ...(message.verified ? [] : ['sender not verified']),
  ];
  return `#${message.id} ${message.from_role} -> ${message.to_role}  (${marks.join(', ')})\n${harmless(message.body).replaceAll(/^/gm, '  ')}`;
}
