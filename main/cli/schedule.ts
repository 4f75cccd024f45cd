import type { CallResult, ScheduledTaskView, ScheduleRunView, TimingKind } from '../../preload/contract.ts';
import { CONTEXT_MODES, MISSED_POLICIES, SCHEDULE_STATUSES } from '../schedule/types.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError, type Input } from './input.ts';
import { count, harmless, localTime, oneLine, table } from './text.ts';

const TITLE_LENGTH = 60;
/** Ids begin alike, so people name tasks by the end of them. */
const SHORT_ID = 8;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `wheelhouse schedule list`. */
export async function scheduleList({ core, input, output }: CommandContext): Promise<number> {
  const group = input.text('group');
  const status = input.choice('status', SCHEDULE_STATUSES);
  const list = await (await core('offline')).call('schedule.list', { ...(group !== undefined && { group }), ...(status !== undefined && { status }) });
  const rows = list.tasks.map((task) => [shortId(task), task.groupName ?? '(removed)', whenOf(task, list.zone), nextOf(task), lastOf(task), titleOf(task)]);
  const empty = group === undefined && status === undefined ? 'Nothing is scheduled. Add something with: wheelhouse schedule add' : 'There are no such scheduled tasks.';
  output.result(list, rows.length === 0 ? empty : table([['TASK', 'GROUP', 'WHEN', 'NEXT', 'LAST', 'PROMPT'], ...rows]));
  return EXIT.ok;
}

/** `wheelhouse schedule show`. */
export async function scheduleShow({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const { task } = await opened.call('schedule.get', { task: input.argText('task') });
  const coming = await comingRuns(task, async (asked) => opened.call('schedule.preview', asked));
  const facts: readonly (readonly [string, string])[] = [
    ['Id', task.id],
    ['Group', task.groupName ?? 'removed'],
    ['State', stateOf(task)],
    ['When', `${task.value} (${task.kind}), time zone ${task.zone}${task.followsZone ? ', as in the settings' : ''}`],
    ['Next', [nextOf(task), ...coming.map(localTime)].join('\n')],
    ['Last', lastOf(task)],
    ['Conversation', task.contextMode === 'group' ? 'that of the group goes on' : 'a new one for each run'],
    ['Missed runs', { latest: 'the latest is made up for', all: 'up to 24 are made up for', skip: 'skipped' }[task.missed]],
    ['Created', `${localTime(task.createdAt)}${task.createdBy === null ? '' : ` by the agent of ${oneLine(task.createdBy)}`}`],
  ];
  const lines = facts.flatMap(([name, value]) => value.split('\n').map((line, at) => [at === 0 ? name : '', line]));
  output.result({ task, coming }, `${table(lines)}\n\n${harmless(task.prompt)}`);
  return EXIT.ok;
}

/** `wheelhouse schedule add`. */
export async function scheduleAdd({ core, input, output }: CommandContext): Promise<number> {
  const timing = timingIn(input);
  if (timing === null) throw new UsageError('`schedule add` needs a time: --cron "0 9 * * 1-5", --every 2h or --at 2026-11-20T09:00.');
  const zone = input.text('zone');
  const context = input.choice('context', CONTEXT_MODES);
  const missed = input.choice('missed', MISSED_POLICIES);
  const created = await (await core('offline')).call('schedule.create', {
    group: input.text('group')!,
    prompt: input.argText('prompt'),
    ...timing,
    ...(zone !== undefined && { zone }),
    ...(context !== undefined && { context_mode: context }),
    ...(missed !== undefined && { missed }),
  });
  output.result(created, `Scheduled ${shortId(created.task)} for ${created.task.groupName}. Next run: ${nextOf(created.task)} (${created.task.zone}).`);
  return EXIT.ok;
}

/** `wheelhouse schedule edit`. */
export async function scheduleEdit({ core, input, output }: CommandContext): Promise<number> {
  const zone = input.text('zone');
  const changes = {
    ...timingIn(input),
    prompt: input.text('prompt'),
    zone: zone === 'settings' ? null : zone,
    context_mode: input.choice('context', CONTEXT_MODES),
    missed: input.choice('missed', MISSED_POLICIES),
  };
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) throw new UsageError('`schedule edit` needs a change: --prompt, --cron, --every, --at, --zone, --context or --missed.');
  const edited = await (await core('offline')).call('schedule.edit', { task: input.argText('task'), ...given });
  output.result(edited, `Changed ${shortId(edited.task)}. ${stateOf(edited.task)}.`);
  return EXIT.ok;
}

/** `wheelhouse schedule run`. */
export async function scheduleRun({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const started = await opened.call('schedule.run', { task: input.argText('task') });
  const when = opened.running ? 'It is queued; see: wheelhouse schedule log' : 'It runs when Wheelhouse is started.';
  output.result(started, `Asked the agent of ${started.task.groupName} for: ${titleOf(started.task)}. ${when}`);
  return EXIT.ok;
}

/** `wheelhouse schedule pause`. */
export async function schedulePause({ core, input, output }: CommandContext): Promise<number> {
  const done = await (await core('offline')).call('schedule.pause', { task: input.argText('task') });
  output.result(done, `Paused ${shortId(done.task)}: ${titleOf(done.task)}`);
  return EXIT.ok;
}

/** `wheelhouse schedule resume`. */
export async function scheduleResume({ core, input, output }: CommandContext): Promise<number> {
  const done = await (await core('offline')).call('schedule.resume', { task: input.argText('task') });
  output.result(done, `${titleOf(done.task)} (${shortId(done.task)}): ${stateOf(done.task)}.`);
  return EXIT.ok;
}

/** `wheelhouse schedule cancel`. */
export async function scheduleCancel({ core, input, output }: CommandContext): Promise<number> {
  const done = await (await core('offline')).call('schedule.cancel', { task: input.argText('task') });
  output.result(done, `Cancelled ${shortId(done.task)}: ${titleOf(done.task)}`);
  return EXIT.ok;
}

/** `wheelhouse schedule log`. */
export async function scheduleLog({ core, input, output }: CommandContext): Promise<number> {
  const task = input.optionalArg('task');
  const group = input.text('group');
  const limit = input.integer('limit');
  const opened = await core('offline');
  const page = await opened.call('schedule.runs', { ...(task !== undefined && { task }), ...(group !== undefined && { group }), ...(limit !== undefined && { limit }) });
  const { tasks } = await opened.call('schedule.list', {});
  const titles = new Map(tasks.map((known) => [known.id, known]));
  const rows = page.runs.map((run) => [localTime(run.startedAt ?? run.dueAt), howOf(run), durationOf(run), prefixed(titles.get(run.taskId)), oneLine(run.error ?? run.result ?? '')]);
  output.result(page, rows.length === 0 ? 'Nothing has run yet.' : table([['AT', 'STATE', 'TOOK', 'TASK', 'RESULT'], ...rows.map((row) => [...row.slice(0, 4), cut(row[4]!)])]) + (page.has_more ? '\nThere are more: raise --limit.' : ''));
  return EXIT.ok;
}

/** One of the three ways to say when; null when none is given. */
function timingIn(input: Input): { readonly kind: TimingKind; readonly value: string } | null {
  const [cron, every, at] = [input.text('cron'), input.text('every'), input.text('at')];
  const given = [cron, every, at].filter((value) => value !== undefined);
  if (given.length > 1) throw new UsageError('--cron, --every and --at exclude each other: a task runs by one of them.');
  if (cron !== undefined) return { kind: 'cron', value: cron };
  if (every !== undefined) return { kind: 'interval', value: milliseconds(every) };
  return at === undefined ? null : { kind: 'once', value: at };
}

/** `90s`, `15m`, `2h`, `1d`; a bare number is milliseconds, as agents write it. */
function milliseconds(text: string): string {
  const match = /^(\d+)([smhd])$/.exec(text.trim());
  return match === null ? text.trim() : String(Number(match[1]) * UNITS[match[2]!]!);
}

type Preview = CallResult<'schedule.preview'>;

/** The due times after the next one. */
async function comingRuns({ kind, value, zone, nextRun }: ScheduledTaskView, preview: (asked: { kind: TimingKind; value: string; zone: string; count: number }) => Promise<Preview>): Promise<readonly string[]> {
  if (nextRun === null || kind !== 'cron') return [];
  return (await preview({ kind, value, zone, count: 4 })).next.slice(1);
}

function shortId({ id }: ScheduledTaskView): string {
  return id.slice(-SHORT_ID);
}

function prefixed(task: ScheduledTaskView | undefined): string {
  return task === undefined ? '' : `${shortId(task)} ${titleOf(task).slice(0, 30)}`;
}

function titleOf({ prompt }: ScheduledTaskView): string {
  return cut(oneLine(prompt));
}

function cut(text: string): string {
  return text.length <= TITLE_LENGTH ? text : `${text.slice(0, TITLE_LENGTH - 1)}…`;
}

function whenOf({ kind, value, zone }: ScheduledTaskView, usual: string): string {
  const words = kind === 'interval' ? everyOf(Number(value)) : value;
  return zone === usual ? words : `${words} ${zone}`;
}

function everyOf(ms: number): string {
  const [unit, size] = Object.entries(UNITS).findLast(([, unitMs]) => ms % unitMs === 0) ?? ['ms', 1];
  return `every ${ms / size}${unit}`;
}

function nextOf(task: ScheduledTaskView): string {
  return task.nextRun === null ? stateOf(task) : localTime(task.nextRun);
}

function stateOf({ status, pausedBy, pauseReason, nextRun }: ScheduledTaskView): string {
  if (status === 'active') return nextRun === null ? 'runs for the last time' : `active, next ${localTime(nextRun)}`;
  if (status === 'completed') return 'completed';
  const by = { person: 'paused', agent: 'paused by its agent', failures: 'paused after failures', broken: 'cannot run', kill_switch: 'paused by the kill switch' }[pausedBy ?? 'person'];
  return pauseReason === null ? by : `${by}: ${oneLine(pauseReason)}`;
}

function lastOf({ lastRun }: ScheduledTaskView): string {
  return lastRun === null ? 'never' : `${lastRun.status} ${localTime(lastRun.endedAt ?? lastRun.queuedAt)}`;
}

function howOf({ status, cause, slots }: ScheduleRunView): string {
  const more = [...(cause === 'due' || status === 'skipped' ? [] : [cause]), ...(slots > 1 ? [count(slots, 'due time')] : [])];
  return more.length === 0 ? status : `${status} (${more.join(', ')})`;
}

function durationOf({ durationMs }: ScheduleRunView): string {
  return durationMs === null ? '' : `${(durationMs / 1000).toFixed(1)}s`;
}
