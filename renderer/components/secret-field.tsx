import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { SecretView } from '../../preload/contract.ts';
import { useCall, useLanguage, useServices } from '../services.tsx';
import { Button } from './button.tsx';
import { StatusPill } from './marks.tsx';
import { PasswordField, takePassword } from './password-field.tsx';
import { ProblemLine } from './problem-line.tsx';
import { useSubmit } from './use-submit.ts';
import css from './secret-field.module.css';

/** The secrets that windows ask for. */
export type WindowSecret = 'ANU_BOT_TOKEN' | 'DISCORD_WEBHOOK_URL' | 'NTFY_TOKEN';

interface SecretFieldProps {
  readonly name: WindowSecret;
  /** Null: not known yet. */
  readonly secrets: readonly SecretView[] | null;
}

/** Whether a secret is set, and a way to set, replace or remove it. What is typed goes to the core and never comes back. */
export function SecretField({ name, secrets }: SecretFieldProps) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [open, setOpen] = useState(false);
  const secret = secrets?.find((each) => each.name === name);
  if (secret === undefined) return null;
  const what = t(`secret.names.${name}`);
  const remove = async (): Promise<void> => {
    const answer = await call('secrets.remove', { name }, t('secret.removeFailed', { what }));
    if (answer.ok) toasts.getState().show({ tone: 'done', title: t('secret.removed', { what }) });
  };
  const fromEnvironment = secret.from === 'environment';
  if (open) {
    return (
      <div className={css['secret']}>
        <SecretForm name={name} what={what} onClose={() => setOpen(false)} />
      </div>
    );
  }
  return (
    <div className={css['secret']}>
      <p className={css['line']}>
        <span>{what}</span>
        <StatusPill tone={secret.from === null ? 'idle' : 'ok'}>{t(secret.from === null ? 'secret.notSet' : 'secret.set')}</StatusPill>
        <span className={css['buttons']}>
          {!fromEnvironment && (
            <Button size="small" aria-label={t(secret.from === null ? 'secret.enterLabel' : 'secret.replaceLabel', { what })} onClick={() => setOpen(true)}>
              {t(secret.from === null ? 'secret.enter' : 'secret.replace')}
            </Button>
          )}
          {secret.stored && (
            <Button size="small" kind="quiet" aria-label={t('secret.removeLabel', { what })} onClick={() => void remove()}>
              {t('secret.remove')}
            </Button>
          )}
        </span>
      </p>
      {fromEnvironment && <p className={css['faint']}>{t(secret.stored ? 'secret.environmentBefore' : 'secret.environment', { name })}</p>}
    </div>
  );
}

function SecretForm({ name, what, onClose }: { readonly name: WindowSecret; readonly what: string; readonly onClose: () => void }) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const input = useRef<HTMLInputElement>(null);
  // It appears because somebody wants to type into it.
  useEffect(() => input.current?.focus(), []);
  const { busy, problem, send } = useSubmit('secrets.set', ({ code }) => (code === 'INPUT_INVALID' ? t(`secret.wrong.${name}`) : null));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await send({ name, secret: takePassword(input).trim() })) === null) {
      input.current?.focus();
      return;
    }
    toasts.getState().show({ tone: 'done', title: t('secret.kept', { what }) });
    onClose();
  };
  return (
    <form className={css['form']} onSubmit={(event) => void submit(event)}>
      <PasswordField label={what} hint={t('secret.hint')} input={input} />
      <ProblemLine problem={problem} />
      <div className={css['buttons']}>
        <Button type="submit" kind="primary" disabled={busy}>
          {t('common.save')}
        </Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </form>
  );
}
