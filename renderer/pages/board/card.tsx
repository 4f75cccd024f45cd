import { memo, type DragEvent, type KeyboardEvent } from 'react';
import { Hourglass, MessageSquareText } from 'lucide-react';
import type { Task } from '../../../preload/contract.ts';
import { cx } from '../../components/cx.ts';
import { Mono, PriorityMark } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useLanguage } from '../../services.tsx';
import css from './card.module.css';

interface CardProps {
  readonly task: Task;
  readonly tabStop: boolean;
  readonly open: boolean;
  readonly onOpen: (id: number, byKey: boolean) => void;
  readonly onMenu: (card: HTMLElement, id: number) => void;
  readonly onActive: (id: number) => void;
  readonly onKey: (event: KeyboardEvent<HTMLElement>, id: number) => void;
  readonly onDragStart: (event: DragEvent) => void;
}

export const Card = memo(function Card({ task, tabStop, open, onOpen, onMenu, onActive, onKey, onDragStart }: CardProps) {
  const { t } = useLanguage();
  const waits = task.status === 'open' && !task.ready;
  return (
    <button
      type="button"
      data-row={task.id}
      draggable
      tabIndex={tabStop ? 0 : -1}
      aria-expanded={open}
      className={cx(css['card'], open && css['selected'], (task.status === 'done' || task.status === 'cancelled') && css['over'])}
      data-list={tabStop || undefined}
      onDragStart={onDragStart}
      onFocus={() => onActive(task.id)}
      onKeyDown={(event) => onKey(event, task.id)}
      // A click by Enter has no detail: then the focus goes along into the pane.
      onClick={(event) => onOpen(task.id, event.detail === 0)}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(event.currentTarget, task.id);
      }}
    >
      <span className={css['top']}>
        <PriorityMark priority={task.priority} />
        <Mono>#{task.id}</Mono>
        <span className={css['role']}>
          <RoleChip role={task.assignee_role} />
        </span>
      </span>
      <span className={css['title']}>{task.title}</span>
      {(waits || task.held_by !== null || task.note !== '') && (
        <span className={css['bottom']}>
          {waits && (
            <span className={css['fact']}>
              <Hourglass size={12} aria-hidden />
              {t('task.waitsFor', { tasks: task.depends_on.map((id) => `#${id}`).join(', ') })}
            </span>
          )}
          {task.held_by !== null && task.claimed_at !== null && (
            <span className={css['fact']}>
              {t('task.heldBy', { role: task.held_by })} · <RelativeTime time={task.claimed_at} />
            </span>
          )}
          {task.note !== '' && (
            <span className={cx(css['fact'], css['note'])}>
              <MessageSquareText size={12} aria-hidden />
              <span>{task.note}</span>
            </span>
          )}
        </span>
      )}
    </button>
  );
});
