import type { GroupView, RunView, WaitReason } from '../../preload/contract.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { harmless, localTime, oneLine, table } from './text.ts';

/** Ids begin alike, so people name runs by the end of them. */
const SHORT_ID = 8;
const DEFAULT_LIMIT = 50;

const REASONS: Readonly<Record<WaitReason, string>> = {
  kill_switch: 'the kill switch is on',
  agent_suspended: 'its agent is suspended',
  group_paused: 'the group is paused',
  retry: 'tried again later',
  group_busy: 'another run of the group goes on',
  behind: 'another one of the group is first',
  limit: 'as many agents run as may',
};

/** `wheelhouse run list`. */
export async function runList({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const group = input.text('group');
  const [list, { groups }] = await Promise.all([
    opened.call('runs.list', { ...(group !== undefined && { group }), limit: input.integer('limit') ?? DEFAULT_LIMIT }),
    opened.call('groups.list', {}),
  ]);
  const rows = list.runs.map((run) => [run.id.slice(-SHORT_ID), folderOf(run, groups), run.kind, stateOf(run), localTime(run.queuedAt), tookOf(run), oneLine(run.error ?? run.containerName ?? '')]);
  output.result(list, rows.length === 0 ? 'Nothing ran yet.' : table([['RUN', 'GROUP', 'KIND', 'STATE', 'QUEUED', 'TOOK', ''], ...rows]));
  return EXIT.ok;
}

/** `wheelhouse run log`. */
export async function runLog({ core, input, output }: CommandContext): Promise<number> {
  const log = await (await core('offline')).call('runs.log', { run: input.argText('run') });
  output.result(log, `${log.truncated ? `… the end of ${log.file}\n` : ''}${harmless(log.text).trimEnd()}`);
  return EXIT.ok;
}

/** `wheelhouse run abort`. */
export async function runAbort({ core, input, output }: CommandContext): Promise<number> {
  const { run } = await (await core('running')).call('runs.abort', { run: input.argText('run') });
  output.result({ run }, run.cause === 'cancelled' ? 'It was taken out of the queue.' : 'The run was stopped.');
  return EXIT.ok;
}

function folderOf({ groupId }: RunView, groups: readonly GroupView[]): string {
  return groups.find(({ id }) => id === groupId)?.folder ?? '-';
}

function stateOf(run: RunView): string {
  if (run.state === 'running' && run.idle) return 'idle';
  const attempt = run.attempt > 1 ? `, attempt ${run.attempt}` : '';
  const reason = run.waitReason === null ? '' : ` (${REASONS[run.waitReason]})`;
  return `${run.state}${attempt}${reason}`;
}

function tookOf({ startedAt, endedAt }: RunView): string {
  if (startedAt === null) return '-';
  const end = endedAt === null ? Date.now() : Date.parse(endedAt);
  return `${Math.round((end - Date.parse(startedAt)) / 1000)} s`;
}
