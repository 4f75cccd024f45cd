import { useState } from 'react';
import type { AgentView } from '../../../preload/contract.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
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
    <ConfirmDialog
      title={t('session.agent.suspendTitle', { agent: agent.name })}
      confirm={t('session.agent.suspendConfirm')}
      disabled={reason.trim() === '' || busy}
      onConfirm={() => void suspend()}
      onClose={onClose}
    >
      <p>{t('session.agent.suspendText', { agent: agent.name })}</p>
      <ReasonField hint={t('session.reasonHint')} value={reason} onChange={setReason} />
      <ProblemLine problem={problem} />
    </ConfirmDialog>
  );
}
