import { useMemo } from 'react';
import { Mono, PriorityMark, TaskStatusMark } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { pathTo } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { currentWork } from '../../state/lookout.ts';
import css from './overview.module.css';

const MOST = 8;

/** Who works on what right now. */
export function WorkPanel() {
  const { t } = useLanguage();
  const tasks = useSnapshot((snapshot) => snapshot.tasks);
  const work = useMemo(() => currentWork(tasks), [tasks]);
  const open = useMemo(() => tasks.filter((task) => task.status === 'open').length, [tasks]);
  return (
    <section className={css['panel']} aria-labelledby="work-title">
      <header>
        <h2 id="work-title">{t('overview.work.title')}</h2>
        <a href={pathTo('board')}>{t('overview.work.all', { count: open })}</a>
      </header>
      {work.length === 0 ? (
        <p className={css['calm']}>{t('overview.work.none')}</p>
      ) : (
        <ul className={css['rows']}>
          {work.slice(0, MOST).map((task) => (
            <li key={task.id}>
              <a className={css['line']} href={pathTo('board', String(task.id))}>
                <TaskStatusMark status={task.status} />
                <Mono>#{task.id}</Mono>
                <span className={css['grow']}>{task.title}</span>
                <PriorityMark priority={task.priority} />
                <RoleChip role={task.held_by ?? task.assignee_role} />
                <span className={css['when']}>{task.claimed_at && <RelativeTime time={task.claimed_at} />}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
