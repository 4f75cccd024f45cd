import { useEffect, useState } from 'react';
import type { SecretView } from '../../preload/contract.ts';
import { useCall, useLanguage, useSnapshot } from '../services.tsx';

/** How every secret stands; null until it is known. Read anew whenever a setting or a secret was changed. */
export function useSecrets(): readonly SecretView[] | null {
  const { t } = useLanguage();
  const call = useCall();
  const changed = useSnapshot((snapshot) => snapshot.events.findLast(({ kind }) => kind === 'settings')?.id ?? 0);
  const [secrets, setSecrets] = useState<readonly SecretView[] | null>(null);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await call('secrets.list', {}, t('secret.unknown'));
      if (wanted && answer.ok) setSecrets(answer.result.secrets);
    };
    void load();
    return () => {
      wanted = false;
    };
    // A change is what makes the list old; another language does not.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [call, changed]);
  return secrets;
}
