import { useState } from 'react';
import type { Lease } from '../../../preload/contract.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useCall, useLanguage, useServices } from '../../services.tsx';

interface ForceReleaseDialogProps {
  readonly resource: string;
  readonly leases: readonly Lease[];
  readonly onClose: () => void;
  readonly onReleased: () => void;
}

/** Takes a lock away. The desktop asks once more in a dialog of its own that no page can answer. */
export function ForceReleaseDialog({ resource, leases, onClose, onReleased }: ForceReleaseDialogProps) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const holders = [...new Set(leases.map((lease) => lease.held_by))].join(', ');
  const release = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('locks.forceRelease', { resource, reason: reason.trim() }, t('lock.forceFailed', { resource }));
    setBusy(false);
    if (!answer.ok) return;
    toasts.getState().show({ tone: 'done', title: t('lock.forced', { resource }), text: t('lock.told', { roles: answer.result.lost_by.join(', ') }) });
    onClose();
    onReleased();
  };
  return (
    <ConfirmDialog
      title={t('lock.forceTitle', { resource })}
      confirm={t('lock.forceConfirm')}
      disabled={reason.trim() === '' || busy}
      onConfirm={() => void release()}
      onClose={onClose}
    >
      <p>{t('lock.forceText', { roles: holders })}</p>
      <ReasonField hint={t('lock.reasonHint')} value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
