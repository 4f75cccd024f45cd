import { TASK_STATUSES, type Task } from '../bus/types.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError } from './input.ts';
import { oneLine, table } from './text.ts';

const DEFAULT_LIMIT = 50;

/** `wheelhouse task list`. */
export async function taskList({ core, input, output }: CommandContext): Promise<number> {
  const status = input.choice('status', TASK_STATUSES);
  const role = input.text('role');
  const page = await (await core('offline')).call('tasks.list', {
    limit: input.integer('limit') ?? DEFAULT_LIMIT,
    ...(status !== undefined && { status }),
    ...(role !== undefined && { assignee_role: role }),
  });
  const rows = page.tasks.map((task) => [`#${task.id}`, stateOf(task), task.assignee_role, `P${task.priority}`, oneLine(task.title)]);
  const more = page.has_more ? '\nThere are more: narrow it with --status or --role, or raise --limit.' : '';
  output.result(page, rows.length === 0 ? 'There are no such tasks.' : table([['TASK', 'STATE', 'ROLE', 'PRIORITY', 'TITLE'], ...rows]) + more);
  return EXIT.ok;
}

function stateOf(task: Task): string {
  if (task.held_by !== null) return `${task.status} by ${task.held_by}`;
  return task.status === 'open' && !task.ready ? `waits for ${task.depends_on.map((id) => `#${id}`).join(', ')}` : task.status;
}

/** `wheelhouse task create`. */
export async function taskCreate({ core, input, output }: CommandContext): Promise<number> {
  const detail = input.text('detail');
  const priority = input.integer('priority');
  const dependsOn = input.integers('depends-on');
  const created = await (await core('offline')).call('tasks.create', {
    title: input.argText('title'),
    assignee_role: input.text('role')!,
    ...(detail !== undefined && { detail }),
    ...(priority !== undefined && { priority }),
    ...(dependsOn !== undefined && { depends_on: dependsOn }),
  });
  output.result(created, `Created task #${created.task_id} for ${input.text('role')!}.`);
  return EXIT.ok;
}

/** `wheelhouse task claim`. */
export async function taskClaim({ core, input, output }: CommandContext): Promise<number> {
  const claimed = await (await core('offline')).call('tasks.claim', { task_id: input.argInteger('id') });
  output.result(claimed, `Claimed task #${claimed.task.id}: ${oneLine(claimed.task.title)}`);
  return EXIT.ok;
}

/** `wheelhouse task update`. */
export async function taskUpdate({ core, input, output }: CommandContext): Promise<number> {
  const changes = {
    status: input.choice('status', TASK_STATUSES),
    note: input.text('note'),
    title: input.text('title'),
    detail: input.text('detail'),
    priority: input.integer('priority'),
  };
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) throw new UsageError('`task update` needs a change: --status, --note, --title, --detail or --priority.');
  const version = input.integer('expected-version');
  const { task } = await (await core('offline')).call('tasks.update', { task_id: input.argInteger('id'), ...given, ...(version !== undefined && { expected_version: version }) });
  output.result({ task }, `Task #${task.id} is ${stateOf(task)}, version ${task.version}.`);
  return EXIT.ok;
}

/** `wheelhouse task reassign`. */
export async function taskReassign({ core, input, output }: CommandContext): Promise<number> {
  const { task } = await (await core('offline')).call('tasks.reassign', { task_id: input.argInteger('id'), assignee_role: input.text('role')!, reason: input.text('reason')! });
  output.result({ task }, `Task #${task.id} is ${task.assignee_role}’s now and open.`);
  return EXIT.ok;
}
