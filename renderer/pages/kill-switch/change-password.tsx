import { useRef, useState } from 'react';
import { Command } from '../../components/command.tsx';
import { NewPassword } from '../../components/new-password.tsx';
import { PasswordField, takePassword } from '../../components/password-field.tsx';
import { useSubmit } from '../../components/use-submit.ts';
import { useLanguage, useServices } from '../../services.tsx';
import css from './kill-switch.module.css';

/** Another master password, with the present one; and what to do when that is forgotten. */
export function ChangePassword() {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const { busy, problem, send } = useSubmit('masterPassword.change');
  const current = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const change = async (password: string): Promise<boolean> => {
    if ((await send({ current: takePassword(current), password })) === null) return false;
    toasts.getState().show({ tone: 'done', title: t('killSwitch.password.changed') });
    setOpen(false);
    return true;
  };
  return (
    <details className={css['more']} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('killSwitch.password.change')}</summary>
      {open && (
        <div className={css['panel']}>
          <NewPassword confirm={t('killSwitch.password.changeConfirm')} busy={busy} problem={problem} onSubmit={change}>
            <PasswordField label={t('killSwitch.password.present')} input={current} />
          </NewPassword>
          <p>{t('killSwitch.password.forgotten')}</p>
          <Command text="wheelhouse master-password reset" />
        </div>
      )}
    </details>
  );
}
