import { useCallback, useDeferredValue, useMemo } from 'react';
import { Plus, SquareKanban } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { SearchBox, Select } from '../../components/field.tsx';
import { ListDetail } from '../../components/list-detail.tsx';
import { Kbd } from '../../components/marks.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { setFilters, showDetail, useRoute } from '../../router.ts';
import { useLanguage, useMirror, useSnapshot } from '../../services.tsx';
import { columnsOf, taskById } from '../../state/board.ts';
import { tasksWithIntents } from '../../state/mirror.ts';
import { Board } from './board.tsx';
import { NewTask } from './new-task.tsx';
import { MissingTask } from './missing-task.tsx';
import { TaskDetail } from './task-detail.tsx';

const create = (): void => showDetail('new');

/** The team's tasks in columns. */
export function BoardPage() {
  const { t } = useLanguage();
  const { open, filters } = useRoute();
  const { role = '', q = '' } = filters;
  const roles = useSnapshot((snapshot) => snapshot.roles);
  const known = useSnapshot((snapshot) => snapshot.tasks);
  const intents = useMirror((mirror) => mirror.intents);
  const tasks = useMemo(() => tasksWithIntents(known, intents), [known, intents]);
  const query = useDeferredValue(q);
  const columns = useMemo(() => columnsOf(tasks, { role, query }), [tasks, role, query]);
  const filtered = role !== '' || q !== '';

  const openId = open === null || open === 'new' ? null : Number(open);
  const shown = openId === null ? null : taskById(tasks, openId);
  const openTask = useCallback((id: number) => showDetail(String(id)), []);
  return (
    <Page
      title={t('nav.board')}
      action={
        <Button kind="primary" icon={Plus} data-page-action onClick={create} trailing={<Kbd>C</Kbd>}>
          {t('board.create')}
        </Button>
      }
      toolbar={
        <>
          <SearchBox value={q} label={t('board.search')} onSearch={(value) => setFilters({ q: value })} />
          <Select
            aria-label={t('common.role')}
            value={role}
            onChoose={(value) => setFilters({ role: value })}
            options={[{ value: '', label: t('common.allRoles') }, ...roles.map(({ name }) => ({ value: name, label: name }))]}
          />
          {filtered && (
            <Button kind="quiet" size="small" onClick={() => setFilters({ role: '', q: '' })}>
              {t('common.clearFilters')}
            </Button>
          )}
        </>
      }
    >
      <ListDetail
        list={
          tasks.length === 0 ? (
            <EmptyState
              icon={SquareKanban}
              title={t('board.empty.title')}
              text={t('board.empty.text')}
              action={
                <Button kind="primary" icon={Plus} onClick={create}>
                  {t('board.create')}
                </Button>
              }
            />
          ) : (
            <Board columns={columns} openId={openId} onOpen={openTask} />
          )
        }
        detail={
          open === 'new' ? (
            <NewTask onClose={closeDetail} onCreated={openTask} />
          ) : shown !== null ? (
            <TaskDetail key={shown.id} task={shown} onClose={closeDetail} />
          ) : open !== null ? (
            <MissingTask id={open} onClose={closeDetail} />
          ) : null
        }
      />
    </Page>
  );
}
