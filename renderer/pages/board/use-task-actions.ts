import { useMemo } from 'react';
import type { CallAnswer, CallError, Task, TaskStatus } from '../../../preload/contract.ts';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { usePerson } from '../../components/use-person.ts';
import { setIntent, settleIntent, type TaskIntent } from '../../state/mirror.ts';

export interface TaskEdit {
  readonly title?: string;
  readonly detail?: string;
  readonly note?: string;
  readonly priority?: number;
}

/** What the person can do to a task. Each resolves to whether the core agreed. */
export interface TaskActions {
  move(task: Task, status: TaskStatus): Promise<boolean>;
  claim(task: Task): Promise<boolean>;
  edit(task: Task, edit: TaskEdit): Promise<boolean>;
  reassign(task: Task, role: string, reason: string): Promise<boolean>;
}

/** Shows the wish at once, and the truth as soon as the core has answered; a refusal is explained in a toast. */
export function useTaskActions(): TaskActions {
  const { mirror } = useServices();
  const { t, find } = useLanguage();
  const call = useCall();
  const person = usePerson();
  return useMemo(() => {
    const attempt = async (task: Task, intent: TaskIntent, ask: () => Promise<CallAnswer<'tasks.update'>>): Promise<boolean> => {
      setIntent(mirror, task.id, intent);
      const answer = await ask();
      settleIntent(mirror, task.id, answer.ok ? answer.result.task : undefined);
      return answer.ok;
    };
    const id = (task: Task) => ({ id: String(task.id) });
    const word = (status: unknown): string => find(`task.status.${String(status)}`, {}) ?? String(status);
    /** The rules of who may start what are the core's; this only says them in the person's language. */
    const explain =
      (task: Task) =>
      ({ code, details }: CallError): string | null => {
        const starting = details['to'] === 'in_progress' || details['refusal'] !== undefined;
        if (starting && task.assignee_role !== person) return t('refusal.otherRole', { role: task.assignee_role });
        if (starting && !task.ready) return t('refusal.dependencies', { tasks: task.depends_on.map((other) => `#${other}`).join(', ') });
        if (code !== 'TRANSITION_REFUSED') return null;
        return t('errors.TRANSITION_REFUSED', { from: word(details['from']), to: word(details['to']) });
      };
    return {
      move: async (task, status) =>
        attempt(task, { status }, async () =>
          call('tasks.update', { task_id: task.id, status, expected_version: task.version }, t('task.moveFailed', id(task)), explain(task)),
        ),
      claim: async (task) =>
        attempt(task, { status: 'in_progress', held_by: person }, async () => call('tasks.claim', { task_id: task.id }, t('task.claimFailed', id(task)), explain(task))),
      edit: async (task, edit) =>
        attempt(task, edit, async () => call('tasks.update', { task_id: task.id, ...edit, expected_version: task.version }, t('task.editFailed', id(task)))),
      reassign: async (task, role, reason) =>
        attempt(task, { assignee_role: role, status: 'open', held_by: null }, async () =>
          call('tasks.reassign', { task_id: task.id, assignee_role: role, reason }, t('task.reassignFailed', id(task))),
        ),
    };
  }, [mirror, t, find, call, person]);
}
