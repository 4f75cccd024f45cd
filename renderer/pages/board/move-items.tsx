import { Hand } from 'lucide-react';
import type { Task, TaskStatus } from '../../../preload/contract.ts';
import { TaskStatusMark } from '../../components/marks.tsx';
import type { MenuGroup } from '../../components/menu.tsx';
import type { Translate } from '../../i18n/translate.ts';
import { COLUMNS } from '../../state/board.ts';
import type { TaskActions } from './use-task-actions.ts';

/** Whether the person could claim this task now: it is open and assigned to the person's role. */
export const isClaimable = (task: Task, person: string): boolean => task.status === 'open' && task.assignee_role === person;

/** The choices of a task's menu: claim, and the other columns. */
export function moveItems(task: Task, person: string, actions: TaskActions, t: Translate): readonly MenuGroup[] {
  const move = (status: TaskStatus) => ({
    label: t(`task.status.${status}`),
    mark: <TaskStatusMark status={status} named={false} />,
    checked: task.status === status,
    onSelect: () => void (task.status !== status && actions.move(task, status)),
  });
  const claim = { label: t('task.claim'), icon: Hand, onSelect: () => void actions.claim(task) };
  return [...(isClaimable(task, person) ? [{ items: [claim] }] : []), { label: t('task.moveTo'), items: COLUMNS.map(move) }];
}
