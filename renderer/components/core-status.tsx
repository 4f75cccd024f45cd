import { useLanguage, useSnapshot } from '../services.tsx';
import { StatusPill } from './marks.tsx';
import { useNeeds } from './use-needs.ts';

/** The state of the core in two or three words. What waits for the person comes before what merely works. */
export function CoreStatus() {
  const { t } = useLanguage();
  const status = useSnapshot((snapshot) => snapshot.status);
  const needs = useNeeds().length;
  if (status.state === 'locked') return <StatusPill tone="danger">{t('status.locked')}</StatusPill>;
  if (status.state === 'degraded') return <StatusPill tone="warn">{t('status.degraded')}</StatusPill>;
  if (needs > 0) return <StatusPill tone="warn">{t('status.needsYou', { count: needs })}</StatusPill>;
  if (status.working > 0) return <StatusPill tone="info">{t('status.working', { count: status.working })}</StatusPill>;
  return <StatusPill tone="ok">{t('status.quiet')}</StatusPill>;
}
