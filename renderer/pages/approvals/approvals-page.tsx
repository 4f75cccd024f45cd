import { useMemo } from 'react';
import { ShieldCheck } from 'lucide-react';
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

const SHOWN = ['pending', 'all'] as const;

/** The renewals about which the owner of an agent is asked: keep, or reject. */
export function ApprovalsPage() {
  const { t } = useLanguage();
  const { filters } = useRoute();
  const shown = filters['show'] === 'all' ? 'all' : 'pending';
  const waiting = useSnapshot((snapshot) => snapshot.renewals);
  const now = useNow(1_000);
  const pending = useMemo(() => pendingRenewals(waiting, now), [waiting, now]);
  const open = countOpen(waiting, now);
  return (
    <Page
      title={t('nav.approvals')}
      meta={pending.length > 0 && t('approval.summary', { open, pending: pending.length })}
      toolbar={
        <Select
          aria-label={t('approval.show')}
          value={shown}
          onChoose={(value) => setFilters({ show: value === 'all' ? value : '' })}
          options={SHOWN.map((value) => ({ value, label: t(`approval.shown.${value}`) }))}
        />
      }
    >
      <div className={css['scroll']}>
        {shown === 'all' ? (
          <RenewalHistory />
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
