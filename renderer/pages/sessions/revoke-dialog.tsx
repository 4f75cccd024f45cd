import { useState } from 'react';
import type { SessionView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, TextInput } from '../../components/field.tsx';
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
    <Dialog
      title={t('session.revokeTitle', { agent })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="danger" disabled={reason.trim() === '' || busy} onClick={() => void revoke()}>
            {t('session.revokeConfirm')}
          </Button>
        </>
      }
    >
      <p>{t('session.revokeText', { agent })}</p>
      <Field label={t('common.reason')} hint={t('session.reasonHint')}>
        {(control) => <TextInput {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
    </Dialog>
  );
}
