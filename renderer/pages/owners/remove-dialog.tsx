import { useRef } from 'react';
import type { OwnerView } from '../../../preload/contract.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { PasswordField, takePassword } from '../../components/password-field.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { useSubmit } from '../../components/use-submit.ts';
import { useLanguage, useServices } from '../../services.tsx';

interface RemoveDialogProps {
  readonly owner: OwnerView;
  readonly onClose: () => void;
}

/** Takes an owner away who has not signed anything yet. */
export function RemoveDialog({ owner, onClose }: RemoveDialogProps) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const { busy, problem, send } = useSubmit('owners.remove');
  const password = useRef<HTMLInputElement>(null);
  const { agentName: agent } = owner;
  const remove = async (): Promise<void> => {
    if (busy || password.current?.value === '') return password.current?.focus();
    if ((await send({ agent: owner.agentId, master_password: takePassword(password) })) === null) return password.current?.focus();
    toasts.getState().show({ tone: 'done', title: t('owner.remove.done', { agent }) });
    onClose();
  };
  return (
    <ConfirmDialog title={t('owner.remove.title', { agent })} confirm={t('owner.remove.confirm')} disabled={busy} onConfirm={() => void remove()} onClose={onClose}>
      <p>{t('owner.remove.text', { agent })}</p>
      <PasswordField label={t('killSwitch.password.label')} input={password} />
      <ProblemLine problem={problem} />
    </ConfirmDialog>
  );
}
