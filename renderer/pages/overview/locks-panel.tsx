import { Countdown } from '../../components/time.tsx';
import { Mono } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { pathTo } from '../../router.ts';
import { useLanguage, useMirror, useSnapshot } from '../../services.tsx';
import { leaseEnd } from '../../state/lookout.ts';
import css from './overview.module.css';

const MOST = 6;

/** What is locked, by whom, and for how long yet. */
export function LocksPanel() {
  const { t } = useLanguage();
  const locks = useSnapshot((snapshot) => snapshot.locks);
  const receivedAt = useMirror((mirror) => mirror.locksReceivedAt);
  return (
    <section className={css['panel']} aria-labelledby="locks-title">
      <header>
        <h2 id="locks-title">{t('overview.locks.title')}</h2>
        <a href={pathTo('locks')}>{t('overview.locks.all')}</a>
      </header>
      {locks.length === 0 ? (
        <p className={css['calm']}>{t('overview.locks.none')}</p>
      ) : (
        <ul className={css['rows']}>
          {locks.slice(0, MOST).map((lease) => (
            <li key={lease.lease_id}>
              <a className={css['line']} href={pathTo('locks', lease.lease_id)}>
                <span className={css['grow']}>
                  <Mono title={lease.intent}>{lease.resource}</Mono>
                </span>
                <RoleChip role={lease.held_by} />
                <span className={css['when']}>
                  <Countdown until={leaseEnd(lease, receivedAt)} />
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      {locks.length > MOST && <p className={css['more']}>{t('overview.locks.more', { count: locks.length - MOST })}</p>}
    </section>
  );
}
