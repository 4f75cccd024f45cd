import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useSubmit } from '../../components/use-submit.ts';
import { useLanguage, useServices } from '../../services.tsx';

interface EndAllDialogProps {
  /** Sessions that can act now. */
  readonly live: number;
  readonly onClose: () => void;
}

/** Ends every session, and makes what was signed so far worthless. The desktop asks once more in a dialog of its own. */
export function EndAllDialog({ live, onClose }: EndAllDialogProps) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const { busy, problem, send } = useSubmit('sessions.invalidateAll');
  const [reason, setReason] = useState('');
  const end = async (): Promise<void> => {
    const done = await send({ reason: reason.trim() });
    if (done === null) return;
    toasts.getState().show({ tone: 'done', title: t('session.endAll.done', { count: done.revoked }) });
    onClose();
  };
  return (
    <ConfirmDialog
      title={t('session.endAll.title', { count: live })}
      confirm={t('session.endAll.confirm')}
      disabled={reason.trim() === '' || busy}
      onConfirm={() => void end()}
      onClose={onClose}
    >
      <p>{t('session.endAll.text')}</p>
      <ReasonField hint={t('session.reasonHint')} value={reason} onChange={setReason} />
      <ProblemLine problem={problem} />
    </ConfirmDialog>
  );
}
