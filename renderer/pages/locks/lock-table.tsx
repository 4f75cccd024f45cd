import { useCallback, useMemo } from 'react';
import { Hourglass } from 'lucide-react';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { Mono, Tag } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Countdown } from '../../components/time.tsx';
import { useListKeys } from '../../components/use-list-keys.ts';
import { showDetail } from '../../router.ts';
import { useLanguage, useMirror } from '../../services.tsx';
import { leaseEnd } from '../../state/lookout.ts';
import type { LockedResource } from '../../state/locks.ts';
import css from './locks.module.css';

interface LockTableProps {
  readonly locked: readonly LockedResource[];
  readonly openResource: string | null;
}

const rowOf = (resource: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(resource)}"]`);

/** One row per lease; the name of a shared lock stands once. */
export function LockTable({ locked, openResource }: LockTableProps) {
  const { t } = useLanguage();
  const receivedAt = useMirror((mirror) => mirror.locksReceivedAt);
  const names = useMemo(() => locked.map(({ resource }) => resource), [locked]);
  const focused = names.find((name) => rowOf(name) === document.activeElement) ?? openResource;
  const move = useCallback(
    (resource: string) => {
      rowOf(resource)?.focus();
      if (openResource !== null) showDetail(resource);
    },
    [openResource],
  );
  const open = useCallback((resource: string) => {
    showDetail(resource);
    focusDetail();
  }, []);
  const keys = useListKeys({ ids: () => names, active: focused, onMove: move, onOpen: open });
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          <th scope="col">{t('lock.resource')}</th>
          <th scope="col">{t('lock.holder')}</th>
          <th scope="col">{t('lock.mode')}</th>
          <th scope="col" data-number>
            {t('lock.fence')}
          </th>
          <th scope="col">{t('lock.intent')}</th>
          <th scope="col" data-number>
            {t('lock.left')}
          </th>
          <th scope="col">{t('lock.waiting')}</th>
        </tr>
      </thead>
      <tbody>
        {locked.map(({ resource, leases, waiters }, index) =>
          (leases.length === 0 ? [null] : leases).map((lease, at) => (
            <tr
              key={lease?.lease_id ?? resource}
              className={cx(resource === openResource && css['selected'], at > 0 && css['same'])}
              onClick={() => showDetail(resource)}
            >
              <th scope="row">
                {at === 0 && (
                  <button
                    type="button"
                    data-row={resource}
                    data-list={index === 0 || undefined}
                    aria-expanded={resource === openResource}
                    className={css['name']}
                    onKeyDown={keys}
                    onClick={(event) => {
                      event.stopPropagation();
                      if (event.detail === 0) open(resource);
                      else showDetail(resource);
                    }}
                  >
                    <Mono>{resource}</Mono>
                  </button>
                )}
              </th>
              <td>{lease ? <RoleChip role={lease.held_by} /> : <span className={css['faint']}>{t('lock.nobody')}</span>}</td>
              <td>{lease && <Tag>{t(`lock.modes.${lease.mode}`)}</Tag>}</td>
              <td data-number>{lease && <Mono>{lease.fence}</Mono>}</td>
              <td className={css['intent']} title={lease?.intent}>
                {lease?.intent}
              </td>
              <td data-number className={css['left']}>
                {lease && <Countdown until={leaseEnd(lease, receivedAt)} />}
              </td>
              <td>
                {at === 0 && waiters.length > 0 && (
                  <span className={css['queue']}>
                    <Hourglass size={13} role="img" aria-label={t('lock.waiting')} />
                    {waiters.map((waiter) => (
                      <RoleChip key={waiter.ticket} role={waiter.role} form="badge" />
                    ))}
                  </span>
                )}
              </td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
