import type { CompletionView } from '../../preload/contract.ts';
import { REFUSAL_WORDS } from '../completions/refusal-words.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { harmless, localTime, oneLine, table } from './text.ts';

/** `wheelhouse completion list`. */
export async function completionList({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const [team, task] = [input.text('team'), input.text('task')];
  const which = input.flag('all') ? 'all' : input.flag('open') ? 'open' : 'current';
  const list = await opened.call('completions.list', { which, limit: input.integer('limit') ?? 50, ...(team !== undefined && { team }), ...(task !== undefined && { task }) });
  const found = await opened.call('completions.folders', {});
  const rows = list.completions.map((completion) => [
    String(completion.id),
    completion.times > 1 ? `${completion.task} (${completion.times})` : completion.task,
    completion.team ?? '',
    localTime(completion.finishedAt),
    stateOf(completion),
    oneLine(completion.summary ?? '').slice(0, 60),
  ]);
  const refused = found.refused.map(({ folder, name, why }) => `Refused: ${name} in ${folder} (${REFUSAL_WORDS[why]})`);
  const away = found.folders.filter(({ state }) => state !== 'watched').map(({ path, state }) => `${path} is ${state === 'missing' ? 'not there' : 'not readable'}.`);
  const shown = rows.length === 0 ? 'Nothing has been reported as done. Report something with: wheelhouse done TASK' : table([['ID', 'TASK', 'TEAM', 'FINISHED', 'STATE', 'RESULT'], ...rows]);
  output.result({ ...list, ...found }, [shown, ...refused, ...away].join('\n'));
  return EXIT.ok;
}

/** `wheelhouse completion show`. */
export async function completionShow({ core, input, output }: CommandContext): Promise<number> {
  const detail = await (await core('offline')).call('completions.get', { completion_id: input.argInteger('id') });
  const { task, team, times, summary, report, folder, finishedAt } = detail.completion;
  const told = detail.notices.flatMap((notice) => [
    `${notice.escalation ? 'Escalation' : 'Notice'} of ${localTime(notice.createdAt)}: ${notice.state}${notice.reason === null ? '' : ` (${notice.reason})`}`,
    ...notice.attempts.map(({ channel, at, outcome, reason }) => `  ${localTime(at)} ${channel}: ${outcome}${reason === null ? '' : ` (${reason})`}`),
  ]);
  const lines = [
    `${task}${team === null ? '' : ` of ${team}`}${times > 1 ? `, completion ${times}` : ''}: ${stateOf(detail.completion)}`,
    `Finished ${localTime(finishedAt)}, in ${folder}`,
    ...(report === null ? [] : [`Report: ${report}`]),
    ...(summary === null ? [] : ['', harmless(summary)]),
    ...(told.length === 0 ? [] : ['', ...told]),
  ];
  output.result(detail, lines.join('\n'));
  return EXIT.ok;
}

/** `wheelhouse completion report`. */
export async function completionReport({ core, input, output }: CommandContext): Promise<number> {
  const report = await (await core('offline')).call('completions.report', { completion_id: input.argInteger('id') });
  output.result(report, harmless(report.text.replaceAll('\r\n', '\n')).replace(/\n$/, ''));
  if (report.cut) output.note(`${report.path} has ${report.bytes} bytes; what stands above is the beginning.`);
  return EXIT.ok;
}

/** `wheelhouse completion ack`. */
export async function completionAck({ core, input, output }: CommandContext): Promise<number> {
  const { completion } = await (await core('offline')).call('completions.ack', { completion_id: input.argInteger('id') });
  output.result({ completion }, `Acknowledged ${completion.task}.`);
  return EXIT.ok;
}

/** `wheelhouse completion resend`. */
export async function completionResend({ core, input, output }: CommandContext): Promise<number> {
  const { completion } = await (await core('running')).call('completions.resend', { completion_id: input.argInteger('id') });
  output.result({ completion }, `${completion.task} is told again.`);
  return EXIT.ok;
}

function stateOf({ state, escalatedAt, supersededBy }: CompletionView): string {
  if (state === 'archived' && supersededBy !== null) return `archived, replaced by ${supersededBy}`;
  return escalatedAt !== null && (state === 'pending' || state === 'notified') ? `${state}, escalated` : state;
}
