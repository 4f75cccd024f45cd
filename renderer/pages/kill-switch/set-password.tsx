import { NewPassword } from '../../components/new-password.tsx';
import { useSubmit } from '../../components/use-submit.ts';
import { useLanguage, useServices } from '../../services.tsx';
import css from './kill-switch.module.css';

/** The first master password, without which nothing that was stopped could be recovered. */
export function SetPassword() {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const { busy, problem, send } = useSubmit('masterPassword.set');
  const set = async (password: string): Promise<boolean> => {
    if ((await send({ password })) === null) return false;
    toasts.getState().show({ tone: 'done', title: t('killSwitch.password.done') });
    return true;
  };
  return (
    <section className={css['panel']} aria-labelledby="set-password-title">
      <h2 id="set-password-title">{t('killSwitch.password.title')}</h2>
      <p>{t('killSwitch.password.text')}</p>
      <NewPassword confirm={t('killSwitch.password.set')} busy={busy} problem={problem} onSubmit={set} />
    </section>
  );
}
