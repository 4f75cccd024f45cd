import type { ReactNode } from 'react';
import { useLanguage } from '../services.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  /** The word of the button that does it. */
  readonly confirm: string;
  /** The word of the button that does not; "Cancel" where that cannot be misread. */
  readonly refuse?: string;
  readonly kind?: 'danger' | 'primary';
  readonly disabled: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something is done. The button that does nothing comes first, so that it has the focus. */
export function ConfirmDialog({ title, confirm, refuse, kind = 'danger', disabled, onConfirm, onClose, children }: ConfirmDialogProps) {
  const { t } = useLanguage();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{refuse ?? t('common.cancel')}</Button>
          <Button kind={kind} disabled={disabled} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
