import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
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
    <Dialog
      title={t('session.endAll.title', { count: live })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="danger" disabled={reason.trim() === '' || busy} onClick={() => void end()}>
            {t('session.endAll.confirm')}
          </Button>
        </>
      }
    >
      <p>{t('session.endAll.text')}</p>
      <Field label={t('common.reason')} hint={t('session.reasonHint')}>
        {(control) => <TextInput {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <ProblemLine problem={problem} />
    </Dialog>
  );
}
