import { useCallback, useEffect, useState } from 'react';
import type { OwnerView } from '../../preload/contract.ts';
import { useServices, useSnapshot } from '../services.tsx';

interface Owners {
  /** One for every agent; null until they have come. */
  readonly owners: readonly OwnerView[] | null;
  /** Whether they could not be read the last time. */
  readonly failed: boolean;
  readonly reload: () => void;
}

/** Whom every agent belongs to. Read anew whenever something about an agent changed. */
export function useOwners(): Owners {
  const { bridge } = useServices();
  const changed = useSnapshot((snapshot) => snapshot.events.findLast(({ kind }) => kind === 'agent')?.id ?? 0);
  const [attempt, setAttempt] = useState(0);
  const [owners, setOwners] = useState<readonly OwnerView[] | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await bridge.call('owners.list', {});
      if (!wanted) return;
      setFailed(!answer.ok);
      if (answer.ok) setOwners(answer.result.owners);
    };
    void load();
    return () => {
      wanted = false;
    };
    // A changed agent is what makes the list old; a new attempt is asked for.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [bridge, changed, attempt]);
  const reload = useCallback(() => setAttempt((before) => before + 1), []);
  return { owners, failed, reload };
}
