import { AppError } from '../base/errors.ts';
import { NOTICE_CHANNELS } from '../notify/channels.ts';
import type { NoticeView } from '../../preload/contract.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { localTime, table } from './text.ts';

/** `wheelhouse notify list`. */
export async function notifyList({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const limit = input.integer('limit') ?? 50;
  const list = await opened.call('notices.list', { which: input.flag('missed') ? 'missed' : 'all', limit });
  const rows = list.notices.map((notice) => [String(notice.id), localTime(notice.createdAt), notice.severity, `${notice.texts.en.title}: ${notice.texts.en.summary}`, standing(notice)]);
  const empty = input.flag('missed') ? 'No notice was missed.' : 'There was nothing to tell yet.';
  output.result(list, rows.length === 0 ? empty : table([['ID', 'AT', 'SEVERITY', 'WHAT', 'STATE'], ...rows]));
  return EXIT.ok;
}

/** `wheelhouse notify channels`. */
export async function notifyChannels({ core, output }: CommandContext): Promise<number> {
  const { channels } = await (await core('offline')).call('notices.status', {});
  const rows = channels.map(({ channel, state, target, lastOkAt, reason }) => [channel, state, target, lastOkAt === null ? '' : localTime(lastOkAt), reason ?? '']);
  output.result({ channels }, table([['CHANNEL', 'STATE', 'TO', 'LAST WORKED', 'WHY'], ...rows]));
  return EXIT.ok;
}

/** `wheelhouse notify test`. Ends with 0 only when every channel that was tried has taken it. */
export async function notifyTest({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const asked = input.choice('channel', NOTICE_CHANNELS);
  const { channels } = await opened.call('notices.status', {});
  const tried = asked === undefined ? channels.filter(({ state }) => state === 'ready' || state === 'failing').map(({ channel }) => channel) : [asked];
  if (tried.length === 0) {
    throw new AppError('NOTICE_CHANNEL_UNUSABLE', `No channel for notices is set up here. ${channels.map(({ channel, reason }) => `${channel}: ${reason ?? ''}`).join(' ')}`);
  }
  const results = [];
  for (const channel of tried) {
    const { delivered, reason } = await opened.call('notices.test', { channel });
    results.push({ channel, delivered, reason });
    output.note(delivered ? `${channel}: taken.` : `${channel}: not taken, ${reason ?? 'for an unknown reason'}`);
  }
  const all = results.every(({ delivered }) => delivered);
  output.result({ results }, all ? 'Every channel has taken the test.' : 'Not every channel has taken the test.');
  return all ? EXIT.ok : EXIT.failure;
}

/** `wheelhouse notify resend`. */
export async function notifyResend({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const sent = await opened.call('notices.resend', { notice_id: input.argInteger('id') });
  output.result(sent, opened.running ? `Notice ${sent.notice.id} is told again.` : `Notice ${sent.notice.id} is told again when Wheelhouse runs.`);
  return EXIT.ok;
}

function standing({ state, reason, deliveries }: NoticeView): string {
  const by = deliveries.filter((delivery) => delivery.state === 'sent').map(({ channel }) => channel);
  if (state === 'delivered') return `told by ${by.join(', ')}`;
  return reason === null ? state : `${state}: ${reason}`;
}
