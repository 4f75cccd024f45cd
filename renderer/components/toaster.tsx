import { useStore } from 'zustand';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useLanguage, useServices } from '../services.tsx';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';
import css from './toaster.module.css';

/** What just happened, in the corner; read out politely. */
export function Toaster() {
  const { toasts } = useServices();
  const { t } = useLanguage();
  const shown = useStore(toasts, (state) => state.shown);
  return (
    <div className={css['corner']} role="status" aria-live="polite" aria-relevant="additions">
      {shown.map((toast) => {
        const Icon = toast.tone === 'done' ? CircleCheck : CircleAlert;
        return (
          <div key={toast.id} className={cx(css['toast'], css[toast.tone])}>
            <Icon size={16} aria-hidden />
            <div className={css['words']}>
              <p className={css['title']}>{toast.title}</p>
              {toast.text && <p className={css['text']}>{toast.text}</p>}
              {toast.code && <p className={css['code']}>{toast.code}</p>}
            </div>
            <IconButton icon={X} label={t('common.dismiss')} onClick={() => toasts.getState().dismiss(toast.id)} />
          </div>
        );
      })}
    </div>
  );
}
