import { useState } from 'react';
import type { GroupView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
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
    <Dialog
      title={t('agents.removeTitle', { name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="danger" disabled={busy} onClick={() => void remove()}>
            {t('agents.remove')}
          </Button>
        </>
      }
    >
      <p>{t('agents.removeText', { folder })}</p>
    </Dialog>
  );
}
