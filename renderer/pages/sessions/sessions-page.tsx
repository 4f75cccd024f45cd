import { useMemo, useState } from 'react';
import { Ban, KeyRound, UserPlus } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Select } from '../../components/field.tsx';
import { ListDetail, ListScroll } from '../../components/list-detail.tsx';
import { Kbd } from '../../components/marks.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { useNow } from '../../components/time.tsx';
import { setFilters, showDetail, useRoute } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { AGENT, SESSION_FILTERS, readSessionFilter, sessionsByAgent } from '../../state/sessions.ts';
import { AgentDetail } from './agent-detail.tsx';
import { EndAllDialog } from './end-all-dialog.tsx';
import { NewAgent } from './new-agent.tsx';
import { NewSession } from './new-session.tsx';
import { SessionDetail } from './session-detail.tsx';
import { SessionTable } from './session-table.tsx';

/** What is open while an agent is added, or `for-<agent id>` while that agent gets a session. */
const NEW_AGENT = 'new';
const FOR = 'for-';
const addAgent = (): void => showDetail(NEW_AGENT);
const issueFor = (agentId: string): void => showDetail(FOR + agentId);

/** The agents, and by which right each of them acts. */
export function SessionsPage() {
  const { t } = useLanguage();
  const { open, filters } = useRoute();
  const filter = readSessionFilter(filters['state']);
  const agents = useSnapshot((snapshot) => snapshot.agents);
  const sessions = useSnapshot((snapshot) => snapshot.sessions);
  const now = useNow(10_000);
  const groups = useMemo(() => sessionsByAgent(agents, sessions, filter, now), [agents, sessions, filter, now]);
  const live = agents.reduce((sum, agent) => sum + agent.liveSessions, 0);
  const shown = sessions.find(({ id }) => id === open) ?? null;
  const looked = open?.startsWith(AGENT) ? agents.find(({ id }) => id === open.slice(AGENT.length)) : undefined;
  const receiver = open?.startsWith(FOR) ? agents.find(({ id }) => id === open.slice(FOR.length)) : undefined;
  const [endingAll, setEndingAll] = useState(false);
  const add = (
    <Button kind="primary" icon={UserPlus} onClick={addAgent}>
      {t('session.addAgent')}
    </Button>
  );
  return (
    <Page
      title={t('nav.sessions')}
      meta={agents.length > 0 && `${t('session.agents', { count: agents.length })} · ${t('session.liveCount', { count: live })}`}
      toolbar={
        <>
          <Select
            aria-label={t('session.state')}
            value={filter}
            onChoose={(state) => setFilters({ state: state === 'live' ? '' : state })}
            options={SESSION_FILTERS.map((value) => ({ value, label: t(`session.filters.${value}`) }))}
          />
          {live > 0 && (
            <Button kind="quiet" icon={Ban} onClick={() => setEndingAll(true)}>
              {t('session.endAll.open')}
            </Button>
          )}
        </>
      }
      action={
        <Button kind="primary" icon={UserPlus} data-page-action onClick={addAgent} trailing={<Kbd>C</Kbd>}>
          {t('session.addAgent')}
        </Button>
      }
    >
      <ListDetail
        list={
          <ListScroll>
            {agents.length === 0 ? (
              <EmptyState icon={KeyRound} title={t('session.empty.title')} text={t('session.empty.text')} action={add} />
            ) : groups.length === 0 ? (
              <EmptyState
                icon={KeyRound}
                title={t('session.noMatch')}
                action={<Button onClick={() => setFilters({ state: '' })}>{t('common.clearFilters')}</Button>}
              />
            ) : (
              <SessionTable groups={groups} openId={shown?.id ?? (looked ? AGENT + looked.id : null)} onIssue={issueFor} />
            )}
          </ListScroll>
        }
        detail={
          open === NEW_AGENT ? (
            <NewAgent onClose={closeDetail} onAdded={issueFor} />
          ) : receiver ? (
            <NewSession key={receiver.id} agent={receiver} onClose={closeDetail} />
          ) : looked ? (
            <AgentDetail key={looked.id} agent={looked} onClose={closeDetail} />
          ) : (
            shown && <SessionDetail key={shown.id} session={shown} onClose={closeDetail} />
          )
        }
      />
      {endingAll && <EndAllDialog live={live} onClose={() => setEndingAll(false)} />}
    </Page>
  );
}
