import { useState } from 'react';
import type { ScheduledTaskView } from '../../../preload/contract.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { titleOf } from './schedule-marks.tsx';

interface CancelDialogProps {
  readonly task: ScheduledTaskView;
  readonly onClose: () => void;
  readonly onCancelled: () => void;
}

/** Forgets a task and what was logged of it, so it is asked about. */
export function CancelDialog({ task, onClose, onCancelled }: CancelDialogProps) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const cancel = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('schedule.cancel', { task: task.id }, t('schedule.cancelFailed'));
    setBusy(false);
    if (!answer.ok) return;
    toasts.getState().show({ tone: 'done', title: t('schedule.cancelDone') });
    onClose();
    onCancelled();
  };
  return (
    <ConfirmDialog
      title={t('schedule.cancelTitle')}
      confirm={t('schedule.cancelConfirm')}
      refuse={t('schedule.keep')}
      disabled={busy}
      onConfirm={() => void cancel()}
      onClose={onClose}
    >
      <p>{t('schedule.cancelText', { title: titleOf(task).slice(0, 120) })}</p>
    </ConfirmDialog>
  );
}
