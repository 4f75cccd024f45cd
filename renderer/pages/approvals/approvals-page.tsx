import { useMemo } from 'react';
import { ShieldCheck } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Select } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { useNow } from '../../components/time.tsx';
import { setFilters, useRoute } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { countOpen, pendingRenewals } from '../../state/renewals.ts';
import { RenewalHistory } from './renewal-history.tsx';
import { RenewalTable } from './renewal-table.tsx';
import css from './approvals.module.css';

const SHOWN = ['pending', 'decided', 'all'] as const;
/** No filter by agent; an empty filter is left out of the address. */
const ALL = '';

/** The renewals about which the owner of an agent is asked: keep, or reject. */
export function ApprovalsPage() {
  const { t } = useLanguage();
  const { filters } = useRoute();
  const shown = SHOWN.find((word) => word === filters['show']) ?? 'pending';
  const waiting = useSnapshot((snapshot) => snapshot.renewals);
  const agents = useSnapshot((snapshot) => snapshot.agents);
  const agent = agents.find(({ id }) => id === filters['agent'])?.id ?? ALL;
  const now = useNow(1_000);
  const everyone = useMemo(() => pendingRenewals(waiting, now), [waiting, now]);
  const pending = agent === ALL ? everyone : everyone.filter(({ agentId }) => agentId === agent);
  const open = countOpen(waiting, now);
  return (
    <Page
      title={t('nav.approvals')}
      meta={everyone.length > 0 && t('approval.summary', { open, pending: everyone.length })}
      toolbar={
        <>
          <Select
            aria-label={t('approval.show')}
            value={shown}
            onChoose={(value) => setFilters({ show: value === 'pending' ? '' : value })}
            options={SHOWN.map((value) => ({ value, label: t(`approval.shown.${value}`) }))}
          />
          {agents.length > 1 && (
            <Select
              aria-label={t('approval.agent')}
              value={agent}
              onChoose={(value) => setFilters({ agent: value })}
              options={[{ value: ALL, label: t('approval.allAgents') }, ...agents.map(({ id, name }) => ({ value: id, label: name }))]}
            />
          )}
        </>
      }
    >
      <div className={css['scroll']}>
        {shown !== 'pending' ? (
          <RenewalHistory key={`${shown} ${agent}`} which={shown} agent={agent === ALL ? null : agent} />
        ) : pending.length === 0 && everyone.length > 0 ? (
          <EmptyState icon={ShieldCheck} title={t('approval.noMatch')} action={<Button onClick={() => setFilters({ agent: '' })}>{t('common.clearFilters')}</Button>} />
        ) : pending.length === 0 ? (
          <EmptyState icon={ShieldCheck} title={t('approval.empty.title')} text={t('approval.empty.text')} />
        ) : (
          <>
            <p className={css['intro']}>{t('approval.intro')}</p>
            <RenewalTable renewals={pending} />
          </>
        )}
      </div>
    </Page>
  );
}
