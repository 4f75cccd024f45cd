import { useMemo } from 'react';
import type { ScheduledTaskView } from '../../../preload/contract.ts';
import { cx } from '../../components/cx.ts';
import { Tag } from '../../components/marks.tsx';
import { Table } from '../../components/table.tsx';
import { Deadline, RelativeTime } from '../../components/time.tsx';
import { useRows, type Rows } from '../../components/use-rows.ts';
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

export function TaskTable({ tasks, openId, words }: TaskTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => tasks.map(({ id }) => id), [tasks]);
  const rows = useRows(ids, openId);
  return (
    <Table className={css['columns']} columns={[t('schedule.task'), t('schedule.when'), t('schedule.next'), t('schedule.group'), t('schedule.last')]}>
      <tbody>
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} words={words} rows={rows} />
        ))}
      </tbody>
    </Table>
  );
}

interface TaskRowProps {
  readonly task: ScheduledTaskView;
  readonly words: CronWords;
  readonly rows: Rows;
}

function TaskRow({ task, words, rows }: TaskRowProps) {
  const language = useLanguage();
  const { t } = language;
  const zone = useSnapshot((snapshot) => snapshot.scheduleZone);
  const title = titleOf(task);
  const when = whenText(task, words, language);
  return (
    <tr {...rows.row(task.id)} className={cx(task.status === 'completed' && css['over'])}>
      <th scope="row">
        <button {...rows.opener(task.id)} className={css['name']} title={title}>
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
