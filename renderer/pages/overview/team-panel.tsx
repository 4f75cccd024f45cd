import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { pathTo } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { cx } from '../../components/cx.ts';
import css from './overview.module.css';

/** Each role: when it was last seen, and what lies before it. */
export function TeamPanel() {
  const { t, format } = useLanguage();
  const roles = useSnapshot((snapshot) => snapshot.roles);
  const number = (value: number) => <span className={cx(value === 0 && css['zero'])}>{format.number(value)}</span>;
  return (
    <section className={css['panel']} aria-labelledby="team-title">
      <header>
        <h2 id="team-title">{t('overview.team.title')}</h2>
      </header>
      <table className={css['table']}>
        <thead>
          <tr>
            <th scope="col">{t('overview.team.role')}</th>
            <th scope="col" data-number>
              {t('overview.team.unread')}
            </th>
            <th scope="col" data-number>
              {t('overview.team.tasks')}
            </th>
            <th scope="col" data-number>
              {t('overview.team.locks')}
            </th>
            <th scope="col" data-number>
              {t('overview.team.seen')}
            </th>
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <tr key={role.name}>
              <th scope="row">
                <a href={pathTo('activity', null, { role: role.name })} className={css['plain']}>
                  <RoleChip role={role.name} />
                </a>
              </th>
              <td data-number>{number(role.unread)}</td>
              <td data-number>{number(role.openTasks)}</td>
              <td data-number>{number(role.locksHeld)}</td>
              <td data-number className={css['faint']}>
                {role.lastSeenAt === null ? t('time.never') : <RelativeTime time={role.lastSeenAt} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
