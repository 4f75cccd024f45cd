import { useState } from 'react';
import { Ban } from 'lucide-react';
import type { SessionView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { DetailEnd, DetailPane } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Deadline, RelativeTime, useNow } from '../../components/time.tsx';
import { useLanguage } from '../../services.tsx';
import { waitText } from '../../state/kill-switch.ts';
import { renewalsLeft, stateAt } from '../../state/sessions.ts';
import { RevokeDialog } from './revoke-dialog.tsx';
import { SessionStatePill } from './session-state-pill.tsx';
import css from './sessions.module.css';

interface SessionDetailProps {
  readonly session: SessionView;
  readonly onClose: () => void;
}

export function SessionDetail({ session, onClose }: SessionDetailProps) {
  const { t, format, locale } = useLanguage();
  const now = useNow(10_000);
  const [revoking, setRevoking] = useState(false);
  const state = stateAt(session, now);
  const left = renewalsLeft(session);
  return (
    <DetailPane
      label={t('session.label', { agent: session.agentName })}
      onClose={onClose}
      title={
        <span className={css['inline']}>
          {session.agentName} <RoleChip role={session.role} />
        </span>
      }
    >
      <Facts>
        <Fact label={t('session.state')}>
          <SessionStatePill state={state} />
        </Fact>
        {session.revokedAt !== null && (
          <Fact label={t('session.revoked')}>
            <RelativeTime time={session.revokedAt} />
            {session.revokeReason !== null && <span className={css['reason']}>{session.revokeReason}</span>}
          </Fact>
        )}
        <Fact label={t('session.expires')}>{session.expiresAt === null ? t('session.neverEnds') : <Deadline time={session.expiresAt} />}</Fact>
        <Fact label={t('session.tokenLife')}>{session.ttlSec === null ? t('session.lives.whole') : waitText(session.ttlSec, locale)}</Fact>
        <Fact label={t('session.renewals')}>
          {session.maxRenewals === null
            ? t('session.renewedOften', { n: format.number(session.renewalCount) })
            : t('session.renewedOf', { n: format.number(session.renewalCount), max: format.number(session.maxRenewals), left: format.number(left ?? 0) })}
        </Fact>
        <Fact label={t('session.lastRenewed')}>{session.lastRenewedAt === null ? t('time.never') : <RelativeTime time={session.lastRenewedAt} />}</Fact>
        <Fact label={t('session.absolute')}>{session.absoluteExpiresAt === null ? t('session.neverEnds') : <Deadline time={session.absoluteExpiresAt} />}</Fact>
        <Fact label={t('session.askedFor')}>{waitText(session.rejectWindowSec, locale)}</Fact>
        <Fact label={t('session.lastUsed')}>{session.lastUsedAt === null ? t('time.never') : <RelativeTime time={session.lastUsedAt} />}</Fact>
        <Fact label={t('session.client')}>{session.lastClient ?? <span className={css['faint']}>{t('session.noClient')}</span>}</Fact>
        <Fact label={t('session.issued')}>
          <RelativeTime time={session.createdAt} />
        </Fact>
        <Fact label={t('session.id')}>
          <Mono>{session.id}</Mono>
        </Fact>
      </Facts>
      {state === 'live' && (
        <DetailEnd>
          <Button icon={Ban} onClick={() => setRevoking(true)}>
            {t('session.revoke')}
          </Button>
          <p>{t('session.revokeHint')}</p>
        </DetailEnd>
      )}
      {revoking && <RevokeDialog session={session} onClose={() => setRevoking(false)} />}
    </DetailPane>
  );
}
