import { useRef, useState, type SubmitEvent } from 'react';
import { Button } from '../../components/button.tsx';
import { useLanguage, useServices } from '../../services.tsx';
import { PasswordField, takePassword } from '../../components/password-field.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { useSubmit } from '../../components/use-submit.ts';
import css from './kill-switch.module.css';

/** In characters (main/access/master-password.ts). */
const SHORTEST = 8;

/** The first master password, without which nothing that was stopped could be recovered. */
export function SetPassword() {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const { busy, problem, send } = useSubmit('masterPassword.set');
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const [differ, setDiffer] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const [password, again] = [takePassword(first), takePassword(second)];
    setDiffer(password !== again);
    if (password === again && (await send({ password })) !== null) toasts.getState().show({ tone: 'done', title: t('killSwitch.password.done') });
    else first.current?.focus();
  };
  return (
    <section className={css['panel']} aria-labelledby="set-password-title">
      <h2 id="set-password-title">{t('killSwitch.password.title')}</h2>
      <p>{t('killSwitch.password.text')}</p>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <PasswordField label={t('killSwitch.password.new')} hint={t('killSwitch.password.hint')} input={first} minLength={SHORTEST} />
        <PasswordField label={t('killSwitch.password.again')} error={differ ? t('killSwitch.password.differ') : null} input={second} />
        <ProblemLine problem={problem} />
        <Button kind="primary" type="submit" disabled={busy}>
          {t('killSwitch.password.set')}
        </Button>
      </form>
    </section>
  );
}
