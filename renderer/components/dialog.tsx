import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import css from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons; the safe one first, so that it has the focus. */
  readonly actions: ReactNode;
  readonly wide?: boolean;
}

/** A modal question. Focus trap, Escape and inert background are the platform's own. */
export function Dialog({ title, onClose, children, actions, wide = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still in the document: only then the platform gives the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={css['dialog']}
      data-wide={wide || undefined}
      aria-labelledby={id}
      closedby="any"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      <div className={css['body']}>{children}</div>
      <div className={css['actions']}>{actions}</div>
    </dialog>
  );
}
