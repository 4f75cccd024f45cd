import { useState } from 'react';
import { LockOpen } from 'lucide-react';
import type { Lease } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { DetailEnd, DetailPane } from '../../components/list-detail.tsx';
import { Mono, Tag } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Countdown, RelativeTime } from '../../components/time.tsx';
import { useLanguage, useMirror } from '../../services.tsx';
import { leaseEnd } from '../../state/lookout.ts';
import type { LockedResource } from '../../state/locks.ts';
import { ForceReleaseDialog } from './force-release-dialog.tsx';
import css from './locks.module.css';

interface LockDetailProps {
  readonly locked: LockedResource;
  readonly onClose: () => void;
}

export function LockDetail({ locked, onClose }: LockDetailProps) {
  const { t } = useLanguage();
  const { resource, leases, waiters } = locked;
  const [forcing, setForcing] = useState(false);
  return (
    <DetailPane label={t('lock.label', { resource })} onClose={onClose} title={<Mono>{resource}</Mono>}>
      {leases.map((lease) => (
        <LeaseFacts key={lease.lease_id} lease={lease} />
      ))}
      <Section title={t('lock.waiting')}>
        {waiters.length === 0 ? (
          <p className={css['faint']}>{t('lock.nobodyWaits')}</p>
        ) : (
          <ol className={css['waiters']}>
            {waiters.map((waiter, index) => (
              <li key={waiter.ticket}>
                <span className={css['place']}>{index + 1}</span>
                <RoleChip role={waiter.role} />
                <Tag>{t(`lock.modes.${waiter.mode}`)}</Tag>
                <span className={css['since']}>
                  <RelativeTime time={waiter.queued_at} />
                </span>
              </li>
            ))}
          </ol>
        )}
      </Section>
      {leases.length > 0 && (
        <DetailEnd>
          <Button icon={LockOpen} onClick={() => setForcing(true)}>
            {t('lock.force')}
          </Button>
          <p>{t('lock.forceHint')}</p>
        </DetailEnd>
      )}
      {forcing && <ForceReleaseDialog resource={resource} leases={leases} onClose={() => setForcing(false)} onReleased={onClose} />}
    </DetailPane>
  );
}

function LeaseFacts({ lease }: { readonly lease: Lease }) {
  const { t } = useLanguage();
  const receivedAt = useMirror((mirror) => mirror.locksReceivedAt);
  return (
    <Facts>
      <Fact label={t('lock.holder')}>
        <span className={css['inline']}>
          <RoleChip role={lease.held_by} />
          {lease.agent_name && <span className={css['faint']}>{lease.agent_name}</span>}
        </span>
      </Fact>
      <Fact label={t('lock.intent')}>{lease.intent === '' ? <span className={css['faint']}>{t('lock.noIntent')}</span> : lease.intent}</Fact>
      <Fact label={t('lock.left')}>
        <Countdown until={leaseEnd(lease, receivedAt)} />
      </Fact>
      <Fact label={t('lock.mode')}>{t(`lock.modes.${lease.mode}`)}</Fact>
      <Fact label={t('lock.fence')}>
        <Mono>{lease.fence}</Mono>
      </Fact>
      <Fact label={t('lock.since')}>
        <RelativeTime time={lease.acquired_at} />
      </Fact>
    </Facts>
  );
}
