import { useMemo } from 'react';
import { Bot, Container, Plus } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListDetail, ListScroll } from '../../components/list-detail.tsx';
import { Kbd } from '../../components/marks.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { setFilters, showDetail, useRoute } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { groupsNow } from '../../state/groups.ts';
import { EnginePanel } from './engine-panel.tsx';
import { GroupDetail } from './group-detail.tsx';
import { GroupTable } from './group-table.tsx';
import { NewGroup } from './new-group.tsx';
import { RunDetail } from './run-detail.tsx';

const NEW = 'new';
const ENGINE = 'engine';
const registerGroup = (): void => showDetail(NEW);
const closeRun = (): void => setFilters({ run: '' });

/** The groups: who works in which chat, what runs, what waits and why. */
export function AgentsPage() {
  const { t } = useLanguage();
  const { open, filters } = useRoute();
  const groups = useSnapshot((snapshot) => snapshot.groups);
  const runs = useSnapshot((snapshot) => snapshot.runs);
  const now = useMemo(() => groupsNow(groups, runs), [groups, runs]);
  const working = now.filter(({ state }) => state === 'working').length;
  const waiting = now.reduce((sum, each) => sum + each.waiting.length, 0);
  const shown = now.find(({ group }) => group.id === open);
  const runId = filters['run'];
  const register = (
    <Button kind="primary" icon={Plus} onClick={registerGroup}>
      {t('agents.register')}
    </Button>
  );
  return (
    <Page
      title={t('nav.agents')}
      meta={groups.length > 0 && `${t('agents.groups', { count: groups.length })} · ${t('agents.working', { count: working })} · ${t('agents.waiting', { count: waiting })}`}
      toolbar={
        <Button kind="quiet" icon={Container} aria-expanded={open === ENGINE} onClick={() => showDetail(open === ENGINE ? null : ENGINE)}>
          {t('agents.engine.title')}
        </Button>
      }
      action={
        <Button kind="primary" icon={Plus} data-page-action onClick={registerGroup} trailing={<Kbd>C</Kbd>}>
          {t('agents.register')}
        </Button>
      }
    >
      <ListDetail
        list={
          <ListScroll>
            {groups.length === 0 ? (
              <EmptyState icon={Bot} title={t('agents.empty.title')} text={t('agents.empty.text')} action={register} />
            ) : (
              <GroupTable groups={now} openId={shown?.group.id ?? null} />
            )}
          </ListScroll>
        }
        detail={
          open === NEW ? (
            <NewGroup onClose={closeDetail} onMade={showDetail} />
          ) : open === ENGINE ? (
            <EnginePanel onClose={closeDetail} />
          ) : shown === undefined ? null : runId === undefined ? (
            <GroupDetail key={shown.group.id} now={shown} onClose={closeDetail} />
          ) : (
            <RunDetail key={runId} runId={runId} group={shown.group} onClose={closeRun} />
          )
        }
      />
    </Page>
  );
}
