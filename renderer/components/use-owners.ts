import { useEffect, useState } from 'react';
import type { OwnerView } from '../../preload/contract.ts';
import { useCall, useLanguage, useSnapshot } from '../services.tsx';

/** The owner of every agent; null until they have come. Read anew whenever something about an agent changed. */
export function useOwners(): readonly OwnerView[] | null {
  const { t } = useLanguage();
  const call = useCall();
  const changed = useSnapshot((snapshot) => snapshot.events.findLast(({ kind }) => kind === 'agent')?.id ?? 0);
  const [owners, setOwners] = useState<readonly OwnerView[] | null>(null);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await call('owners.list', {}, t('owner.loadFailed'));
      if (wanted && answer.ok) setOwners(answer.result.owners);
    };
    void load();
    return () => {
      wanted = false;
    };
    // A changed agent is what makes the list old.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [call, t, changed]);
  return owners;
}
