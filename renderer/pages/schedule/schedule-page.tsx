import { useMemo } from 'react';
import { CalendarClock, CalendarPlus } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Select } from '../../components/field.tsx';
import { ListDetail, ListScroll } from '../../components/list-detail.tsx';
import { Kbd, Tag } from '../../components/marks.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { setFilters, showDetail, useRoute } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { SCHEDULE_FILTERS, filterTasks, readScheduleFilter } from '../../state/schedule.ts';
import { TaskDetail } from './task-detail.tsx';
import { TaskForm } from './task-form.tsx';
import { TaskTable } from './task-table.tsx';
import { Timeline } from './timeline.tsx';
import { useCronWords } from './use-cron-words.ts';
import css from './schedule.module.css';

/** What is open while a task is added, or `edit-<id>` while one is changed. */
const NEW = 'new';
const EDIT = 'edit-';
const add = (): void => showDetail(NEW);

/** What runs when, and how it went. */
export function SchedulePage() {
  const { t } = useLanguage();
  const { open, filters } = useRoute();
  const tasks = useSnapshot((snapshot) => snapshot.schedule);
  const zone = useSnapshot((snapshot) => snapshot.scheduleZone);
  const words = useCronWords();
  const filter = readScheduleFilter(filters['state']);
  const group = filters['group'] ?? '';
  const shown = useMemo(() => filterTasks(tasks, filter, group), [tasks, filter, group]);
  const groups = useMemo(() => [...new Map(tasks.map(({ groupId, groupName }) => [groupId, groupName ?? groupId]))].sort((a, b) => a[1].localeCompare(b[1])), [tasks]);
  const active = tasks.filter(({ status }) => status === 'active').length;
  const detail = tasks.find(({ id }) => id === open) ?? null;
  const edited = open?.startsWith(EDIT) ? (tasks.find(({ id }) => id === open.slice(EDIT.length)) ?? null) : null;
  return (
    <Page
      title={t('nav.schedule')}
      meta={
        <span className={css['meta']}>
          {tasks.length > 0 && t('schedule.summary', { count: active })}
          <Tag title={t('schedule.zoneHint')}>{zone}</Tag>
        </span>
      }
      toolbar={
        <>
          {groups.length > 1 && (
            <Select aria-label={t('schedule.group')} value={group} onChoose={(value) => setFilters({ group: value })} options={[{ value: '', label: t('schedule.allGroups') }, ...groups.map(([value, label]) => ({ value, label }))]} />
          )}
          <Select
            aria-label={t('schedule.state')}
            value={filter}
            onChoose={(state) => setFilters({ state: state === 'current' ? '' : state })}
            options={SCHEDULE_FILTERS.map((value) => ({ value, label: t(`schedule.filters.${value}`) }))}
          />
        </>
      }
      action={
        <Button kind="primary" icon={CalendarPlus} data-page-action onClick={add} trailing={<Kbd>C</Kbd>}>
          {t('schedule.add')}
        </Button>
      }
    >
      <ListDetail
        list={
          <ListScroll>
            {tasks.length === 0 ? (
              <EmptyState
                icon={CalendarClock}
                title={t('schedule.empty.title')}
                text={t('schedule.empty.text')}
                action={
                  <Button kind="primary" icon={CalendarPlus} onClick={add}>
                    {t('schedule.add')}
                  </Button>
                }
              />
            ) : (
              <>
                <Timeline tasks={tasks} openId={detail?.id ?? null} />
                {shown.length === 0 ? (
                  <EmptyState icon={CalendarClock} title={t('schedule.noMatch')} action={<Button onClick={() => setFilters({ state: '', group: '' })}>{t('common.clearFilters')}</Button>} />
                ) : (
                  <TaskTable tasks={shown} openId={detail?.id ?? null} words={words} />
                )}
              </>
            )}
          </ListScroll>
        }
        detail={
          open === NEW ? (
            <TaskForm key={NEW} task={null} words={words} onClose={closeDetail} onSaved={showDetail} />
          ) : edited !== null ? (
            <TaskForm key={edited.id} task={edited} words={words} onClose={() => showDetail(edited.id)} onSaved={showDetail} />
          ) : (
            detail && <TaskDetail key={detail.id} task={detail} words={words} onClose={closeDetail} onEdit={() => showDetail(EDIT + detail.id)} />
          )
        }
      />
    </Page>
  );
}
