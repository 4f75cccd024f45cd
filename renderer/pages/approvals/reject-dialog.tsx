import { useState } from 'react';
import type { RenewalView } from '../../../preload/contract.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useCall, useLanguage, useServices } from '../../services.tsx';

interface RejectDialogProps {
  readonly renewal: RenewalView;
  readonly onClose: () => void;
}

/** Rejecting is ending the session, so it is asked about. */
export function RejectDialog({ renewal, onClose }: RejectDialogProps) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const agent = renewal.agentName;
  const reject = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('renewals.reject', { renewal_id: renewal.id }, t('approval.rejectFailed', { agent }));
    setBusy(false);
    if (!answer.ok) return;
    toasts.getState().show({ tone: 'done', title: t('approval.rejected', { agent }) });
    onClose();
  };
  return (
    <ConfirmDialog title={t('approval.rejectTitle', { agent })} confirm={t('approval.rejectConfirm')} disabled={busy} onConfirm={() => void reject()} onClose={onClose}>
      <p>{t('approval.rejectText', { agent })}</p>
    </ConfirmDialog>
  );
}
