import { useState } from 'react';
import type { RenewalView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { StatusPill, type Tone } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Table } from '../../components/table.tsx';
import { Countdown, Deadline, RelativeTime, useNow } from '../../components/time.tsx';
import { pathTo } from '../../router.ts';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { isPending, renewalStateAt } from '../../state/renewals.ts';
import { RejectDialog } from './reject-dialog.tsx';
import css from './approvals.module.css';

const TONES: Record<RenewalView['state'], Tone> = { final: 'idle', open: 'warn', lapsed: 'idle', kept: 'ok', rejected: 'danger', ended: 'idle' };

export function RenewalTable({ renewals }: { readonly renewals: readonly RenewalView[] }) {
  const { t } = useLanguage();
  const [rejecting, setRejecting] = useState<RenewalView | null>(null);
  return (
    <>
      <Table plain className={css['renewals']} columns={[t('approval.agent'), t('approval.renewal'), t('approval.renewed'), t('approval.decision'), t('approval.ends'), { text: t('approval.actions'), hidden: true }]}>
        <tbody>
          {renewals.map((renewal) => (
            <RenewalRow key={renewal.id} renewal={renewal} onReject={setRejecting} />
          ))}
        </tbody>
      </Table>
      {rejecting !== null && <RejectDialog renewal={rejecting} onClose={() => setRejecting(null)} />}
    </>
  );
}

interface RenewalRowProps {
  readonly renewal: RenewalView;
  readonly onReject: (renewal: RenewalView) => void;
}

function RenewalRow({ renewal, onReject }: RenewalRowProps) {
  const { t, format } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const state = renewalStateAt(renewal, useNow(1_000));
  const { agentName: agent, renewalCount, maxRenewals } = renewal;
  const keep = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('renewals.keep', { renewal_id: renewal.id }, t('approval.keepFailed', { agent }));
    setBusy(false);
    if (answer.ok) toasts.getState().show({ tone: 'done', title: t('approval.kept', { agent }) });
  };
  return (
    <tr>
      <th scope="row">
        <a className={css['agent']} href={pathTo('sessions', renewal.sessionId, { state: 'all' })}>
          {agent} <RoleChip role={renewal.role} />
        </a>
      </th>
      <td>{maxRenewals === null ? format.number(renewalCount) : t('approval.countOf', { n: format.number(renewalCount), max: format.number(maxRenewals) })}</td>
      <td>
        <RelativeTime time={renewal.renewedAt} />
      </td>
      <td>
        <span className={css['decision']}>
          <StatusPill tone={TONES[state]}>{t(`approval.states.${state}`)}</StatusPill>
          {state === 'open' && renewal.windowExpiresAt !== null && <Countdown until={Date.parse(renewal.windowExpiresAt)} />}
          {renewal.decidedAt !== null && <RelativeTime time={renewal.decidedAt} />}
        </span>
      </td>
      <td>{renewal.sessionState !== 'live' ? t('approval.over') : renewal.expiresAt === null ? t('session.neverEnds') : <Deadline time={renewal.expiresAt} />}</td>
      <td>
        {isPending(renewal) && (
          <span className={css['buttons']}>
            <Button size="small" disabled={busy} aria-label={t('approval.keepLabel', { agent })} onClick={() => void keep()}>
              {t('approval.keep')}
            </Button>
            <Button size="small" kind="quiet" aria-label={t('approval.rejectLabel', { agent })} onClick={() => onReject(renewal)}>
              {t('approval.reject')}
            </Button>
          </span>
        )}
      </td>
    </tr>
  );
}
