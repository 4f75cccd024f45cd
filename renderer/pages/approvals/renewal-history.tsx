import { useEffect, useState } from 'react';
import { History } from 'lucide-react';
import type { CallResult } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { RenewalTable } from './renewal-table.tsx';
import css from './approvals.module.css';

const PAGE = 50;
/** The most that the core lists at once. */
const MOST = 500;

interface RenewalHistoryProps {
  readonly which: 'all' | 'decided';
  /** The id of one; null for all. */
  readonly agent: string | null;
}

/** Every renewal that is still kept, with what became of it; read anew whenever a session changes. */
export function RenewalHistory({ which, agent }: RenewalHistoryProps) {
  const { t } = useLanguage();
  const call = useCall();
  const sessions = useSnapshot((snapshot) => snapshot.sessions);
  const [limit, setLimit] = useState(PAGE);
  const [found, setFound] = useState<CallResult<'renewals.list'> | null>(null);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await call('renewals.list', { which, limit, ...(agent !== null && { agent }) }, t('approval.loadFailed'));
      if (wanted && answer.ok) setFound(answer.result);
    };
    void load();
    return () => {
      wanted = false;
    };
    // A changed session is what makes the list old.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [call, t, which, agent, limit, sessions]);
  if (found === null) return null;
  if (found.renewals.length === 0) return <EmptyState icon={History} title={t(which === 'decided' ? 'approval.noDecision' : 'approval.none.title')} text={which === 'decided' ? undefined : t('approval.none.text')} />;
  return (
    <>
      <RenewalTable renewals={found.renewals} />
      {found.has_more && limit < MOST && (
        <div className={css['more']}>
          <Button onClick={() => setLimit(Math.min(MOST, limit + 4 * PAGE))}>{t('approval.earlier')}</Button>
        </div>
      )}
    </>
  );
}
