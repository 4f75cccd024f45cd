import { useState } from 'react';
import type { SessionView } from '../../../preload/contract.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useCall, useLanguage, useServices } from '../../services.tsx';

interface RevokeDialogProps {
  readonly session: SessionView;
  readonly onClose: () => void;
}

/** Ends a session for good. */
export function RevokeDialog({ session, onClose }: RevokeDialogProps) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const agent = session.agentName;
  const revoke = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('sessions.revoke', { session_id: session.id, reason: reason.trim() }, t('session.revokeFailed', { agent }));
    setBusy(false);
    if (!answer.ok) return;
    toasts.getState().show({ tone: 'done', title: t('session.revokedDone', { agent }) });
    onClose();
  };
  return (
    <ConfirmDialog
      title={t('session.revokeTitle', { agent })}
      confirm={t('session.revokeConfirm')}
      disabled={reason.trim() === '' || busy}
      onConfirm={() => void revoke()}
      onClose={onClose}
    >
      <p>{t('session.revokeText', { agent })}</p>
      <ReasonField hint={t('session.reasonHint')} value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
