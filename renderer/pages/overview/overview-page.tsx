import { Plus } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Kbd, StatusPill } from '../../components/marks.tsx';
import { Page } from '../../components/page.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useNeeds } from '../../components/use-needs.ts';
import { goTo, pathTo } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { ConnectPanel } from './connect-panel.tsx';
import { LatestActivity } from './latest-activity.tsx';
import { LocksPanel } from './locks-panel.tsx';
import { NeedsPanel } from './needs-panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { TeamPanel } from './team-panel.tsx';
import { WorkPanel } from './work-panel.tsx';
import css from './overview.module.css';

/** One look at everything: the state, what waits for the person, who does what. */
export function OverviewPage() {
  const { t } = useLanguage();
  const hasAgents = useSnapshot((snapshot) => snapshot.agents.length > 0);
  const waits = useNeeds().length > 0;
  return (
    <Page
      title={t('nav.overview')}
      meta={<State />}
      action={
        <Button kind="primary" icon={Plus} data-page-action onClick={() => goTo(pathTo('board', 'new'))} trailing={<Kbd>C</Kbd>}>
          {t('board.create')}
        </Button>
      }
    >
      <div className={css['scroll']}>
        <div className={css['grid']}>
          <div className={css['column']}>
            {(hasAgents || waits) && <NeedsPanel />}
            {!hasAgents && <ConnectPanel />}
            <PasswordPanel />
            <WorkPanel />
            <LatestActivity />
          </div>
          <div className={css['column']}>
            <TeamPanel />
            <LocksPanel />
            <CorePanel />
          </div>
        </div>
      </div>
    </Page>
  );
}

function State() {
  const { t } = useLanguage();
  const status = useSnapshot((snapshot) => snapshot.status);
  switch (status.state) {
    case 'ok':
      return <StatusPill tone="ok">{t('status.ok')}</StatusPill>;
    case 'degraded':
      return <StatusPill tone="warn">{t('status.degraded')}</StatusPill>;
    case 'locked':
      return <StatusPill tone="danger">{t('status.locked')}</StatusPill>;
  }
}

/** Where this core runs and how clients reach it. */
function CorePanel() {
  const { t } = useLanguage();
  const info = useSnapshot((snapshot) => snapshot.info);
  return (
    <section className={css['panel']} aria-labelledby="core-title">
      <header>
        <h2 id="core-title">{t('overview.core.title')}</h2>
      </header>
      <dl className={css['facts']}>
        <div>
          <dt>{t('overview.core.address')}</dt>
          <dd className={css['mono']}>{info.mcpUrl}</dd>
        </div>
        <div>
          <dt>{t('overview.core.started')}</dt>
          <dd>
            <RelativeTime time={info.startedAt} />
          </dd>
        </div>
        <div>
          <dt>{t('overview.core.version')}</dt>
          <dd>
            {info.version} · {t(`overview.core.modes.${info.mode}`)}
          </dd>
        </div>
      </dl>
    </section>
  );
}
