import { useMemo } from 'react';
import { EventIcon } from '../../components/event-icon.tsx';
import { EventLine } from '../../components/event-line.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { pathTo } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import css from './overview.module.css';

const MOST = 8;

export function LatestActivity() {
  const { t } = useLanguage();
  const events = useSnapshot((snapshot) => snapshot.events);
  const latest = useMemo(() => events.slice(-MOST).reverse(), [events]);
  return (
    <section className={css['panel']} aria-labelledby="latest-title">
      <header>
        <h2 id="latest-title">{t('overview.latest.title')}</h2>
        <a href={pathTo('activity')}>{t('overview.latest.all')}</a>
      </header>
      {latest.length === 0 ? (
        <p className={css['calm']}>{t('overview.latest.none')}</p>
      ) : (
        <ul className={css['rows']}>
          {latest.map((event) => (
            <li key={event.id}>
              <a className={css['line']} href={pathTo('activity', String(event.id))}>
                <span className={css['sign']}>
                  <EventIcon kind={event.kind} />
                </span>
                {event.role && <RoleChip role={event.role} form="badge" />}
                <span className={css['grow']}>
                  <EventLine event={event} />
                </span>
                <span className={css['when']}>
                  <RelativeTime time={event.ts} />
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
