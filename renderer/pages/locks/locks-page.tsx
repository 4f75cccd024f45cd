import { useMemo } from 'react';
import { Lock, LockOpen } from 'lucide-react';
import { EmptyState } from '../../components/empty-state.tsx';
import { Section } from '../../components/facts.tsx';
import { ListDetail, ListScroll } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { useRoute } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { freeResources, lockedResources } from '../../state/locks.ts';
import { LockDetail } from './lock-detail.tsx';
import { LockTable } from './lock-table.tsx';
import css from './locks.module.css';

/** Who holds what, until when, and who waits. */
export function LocksPage() {
  const { t } = useLanguage();
  const { open } = useRoute();
  const locks = useSnapshot((snapshot) => snapshot.locks);
  const waiters = useSnapshot((snapshot) => snapshot.waiters);
  const agreed = useSnapshot((snapshot) => snapshot.lockableResources);
  const locked = useMemo(() => lockedResources(locks, waiters), [locks, waiters]);
  const free = useMemo(() => freeResources(agreed, locked), [agreed, locked]);
  const shown = locked.find(({ resource, leases }) => resource === open || leases.some((lease) => lease.lease_id === open)) ?? null;
  return (
    <Page title={t('nav.locks')} meta={t('lock.summary', { held: locks.length, free: free.length })}>
      <ListDetail
        list={
          <ListScroll className={css['scroll']}>
            {locked.length === 0 ? (
              <EmptyState icon={Lock} title={t('lock.empty.title')} text={t('lock.empty.text')} />
            ) : (
              <LockTable locked={locked} openResource={shown?.resource ?? null} />
            )}
            {free.length > 0 && (
              <div className={css['free']}>
                <Section title={t('lock.free')}>
                  <ul>
                    {free.map((resource) => (
                      <li key={resource}>
                        <LockOpen size={13} aria-hidden />
                        <Mono>{resource}</Mono>
                      </li>
                    ))}
                  </ul>
                </Section>
              </div>
            )}
          </ListScroll>
        }
        detail={shown && <LockDetail key={shown.resource} locked={shown} onClose={closeDetail} />}
      />
    </Page>
  );
}
