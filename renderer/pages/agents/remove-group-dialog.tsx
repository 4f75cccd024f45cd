import { useState } from 'react';
import type { GroupView } from '../../../preload/contract.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useCall, useLanguage } from '../../services.tsx';

interface RemoveGroupDialogProps {
  readonly group: GroupView;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

/** Forgets a group. */
export function RemoveGroupDialog({ group, onClose, onRemoved }: RemoveGroupDialogProps) {
  const { t } = useLanguage();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const { name, folder } = group;
  const remove = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('groups.remove', { group: group.id }, t('agents.removeFailed', { name }));
    setBusy(false);
    if (!answer.ok) return;
    onClose();
    onRemoved();
  };
  return (
    <ConfirmDialog title={t('agents.removeTitle', { name })} confirm={t('agents.remove')} disabled={busy} onConfirm={() => void remove()} onClose={onClose}>
      <p>{t('agents.removeText', { folder })}</p>
    </ConfirmDialog>
  );
}
