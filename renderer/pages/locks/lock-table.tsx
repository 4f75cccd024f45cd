import { useMemo } from 'react';
import { Hourglass } from 'lucide-react';
import { cx } from '../../components/cx.ts';
import { Mono, Tag } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Table } from '../../components/table.tsx';
import { Countdown } from '../../components/time.tsx';
import { useRows } from '../../components/use-rows.ts';
import { useLanguage, useMirror } from '../../services.tsx';
import { leaseEnd } from '../../state/lookout.ts';
import type { LockedResource } from '../../state/locks.ts';
import css from './locks.module.css';

interface LockTableProps {
  readonly locked: readonly LockedResource[];
  readonly openResource: string | null;
}

/** One row per lease; the name of a shared lock stands once. */
export function LockTable({ locked, openResource }: LockTableProps) {
  const { t } = useLanguage();
  const receivedAt = useMirror((mirror) => mirror.locksReceivedAt);
  const names = useMemo(() => locked.map(({ resource }) => resource), [locked]);
  const rows = useRows(names, openResource);
  return (
    <Table className={css['columns']} columns={[t('lock.resource'), t('lock.holder'), t('lock.mode'), { text: t('lock.fence'), number: true }, t('lock.intent'), { text: t('lock.left'), number: true }, t('lock.waiting')]}>
      <tbody>
        {locked.map(({ resource, leases, waiters }) =>
          (leases.length === 0 ? [null] : leases).map((lease, at) => (
            <tr key={lease?.lease_id ?? resource} {...rows.row(resource)} className={cx(at > 0 && css['same'])}>
              <th scope="row">
                {at === 0 && (
                  <button {...rows.opener(resource)} className={css['name']}>
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
    </Table>
  );
}
