import { useCallback, useMemo } from 'react';
import type { ScheduledTaskView } from '../../../preload/contract.ts';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { Tag } from '../../components/marks.tsx';
import { Deadline, RelativeTime } from '../../components/time.tsx';
import { useRowKeys } from '../../components/use-list-keys.ts';
import { showDetail } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { RunPill, TaskPill, titleOf } from './schedule-marks.tsx';
import type { CronWords } from './use-cron-words.ts';
import { whenText } from './when-text.ts';
import css from './schedule.module.css';

interface TaskTableProps {
  readonly tasks: readonly ScheduledTaskView[];
  readonly openId: string | null;
  readonly words: CronWords;
}

const rowOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);

export function TaskTable({ tasks, openId, words }: TaskTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => tasks.map(({ id }) => id), [tasks]);
  const move = useCallback(
    (id: string) => {
      rowOf(id)?.focus();
      if (openId !== null) showDetail(id);
    },
    [openId],
  );
  const open = useCallback((id: string) => {
    showDetail(id);
    focusDetail();
  }, []);
  const keys = useRowKeys(ids, move, open);
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          <th scope="col">{t('schedule.task')}</th>
          <th scope="col">{t('schedule.when')}</th>
          <th scope="col">{t('schedule.next')}</th>
          <th scope="col">{t('schedule.group')}</th>
          <th scope="col">{t('schedule.last')}</th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task, index) => (
          <TaskRow key={task.id} task={task} words={words} first={index === 0} open={task.id === openId} onKeyDown={keys} onOpen={open} />
        ))}
      </tbody>
    </table>
  );
}

interface TaskRowProps {
  readonly task: ScheduledTaskView;
  readonly words: CronWords;
  readonly first: boolean;
  readonly open: boolean;
  readonly onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => void;
  readonly onOpen: (id: string) => void;
}

function TaskRow({ task, words, first, open, onKeyDown, onOpen }: TaskRowProps) {
  const language = useLanguage();
  const { t } = language;
  const zone = useSnapshot((snapshot) => snapshot.scheduleZone);
  const title = titleOf(task);
  const when = whenText(task, words, language);
  return (
    <tr className={cx(open && css['selected'], task.status === 'completed' && css['over'])} onClick={() => showDetail(task.id)}>
      <th scope="row">
        <button
          type="button"
          data-row={task.id}
          data-list={first || undefined}
          aria-expanded={open}
          className={css['name']}
          title={title}
          onKeyDown={onKeyDown}
          onClick={(event) => {
            event.stopPropagation();
            if (event.detail === 0) onOpen(task.id);
            else showDetail(task.id);
          }}
        >
          {title}
        </button>
      </th>
      <td title={when}>
        <span className={css['line']}>
          <span className={css['cut']}>{when}</span>
          {task.zone !== zone && (
            <span className={css['whole']}>
              <Tag title={task.zone}>{placeOf(task.zone)}</Tag>
            </span>
          )}
        </span>
      </td>
      <td>{task.nextRun === null ? <TaskPill task={task} /> : <Deadline time={task.nextRun} />}</td>
      <td className={css['soft']}>{task.groupName ?? t('schedule.groupGone')}</td>
      <td>
        {task.lastRun === null ? (
          <span className={css['faint']}>{t('time.never')}</span>
        ) : (
          <span className={css['line']}>
            <RunPill status={task.lastRun.status} />
            <span className={css['ago']}>
              <RelativeTime time={task.lastRun.endedAt ?? task.lastRun.queuedAt} />
            </span>
          </span>
        )}
      </td>
    </tr>
  );
}

/** `Berlin` of `Europe/Berlin`. */
function placeOf(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}
