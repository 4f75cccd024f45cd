import { useState } from 'react';
import type { AgentView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { useSubmit } from '../../components/use-submit.ts';
import { useLanguage } from '../../services.tsx';

interface SuspendDialogProps {
  readonly agent: AgentView;
  readonly onClose: () => void;
}

/** Stops one agent until it is resumed. */
export function SuspendDialog({ agent, onClose }: SuspendDialogProps) {
  const { t } = useLanguage();
  const { busy, problem, send } = useSubmit('agents.suspend');
  const [reason, setReason] = useState('');
  const suspend = async (): Promise<void> => {
    if ((await send({ agent: agent.id, reason: reason.trim() })) !== null) onClose();
  };
  return (
    <Dialog
      title={t('session.agent.suspendTitle', { agent: agent.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="danger" disabled={reason.trim() === '' || busy} onClick={() => void suspend()}>
            {t('session.agent.suspendConfirm')}
          </Button>
        </>
      }
    >
      <p>{t('session.agent.suspendText', { agent: agent.name })}</p>
      <Field label={t('common.reason')} hint={t('session.reasonHint')}>
        {(control) => <TextInput {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <ProblemLine problem={problem} />
    </Dialog>
  );
}
