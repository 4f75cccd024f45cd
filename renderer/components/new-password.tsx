import { useRef, useState, type ReactNode, type SubmitEvent } from 'react';
import { useLanguage } from '../services.tsx';
import { Button } from './button.tsx';
import { PasswordField, takePassword } from './password-field.tsx';
import { ProblemLine } from './problem-line.tsx';
import type { Problem } from './use-submit.ts';
import css from './form.module.css';

/** In characters (main/access/master-password.ts). */
const SHORTEST = 8;

interface NewPasswordProps {
  readonly confirm: string;
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** Whether it was taken. */
  readonly onSubmit: (password: string) => Promise<boolean>;
  /** Fields before the two of the new password. */
  readonly children?: ReactNode;
}

/** A form for a new master password, which is typed twice because nobody sees it. */
export function NewPassword({ confirm, busy, problem, onSubmit, children }: NewPasswordProps) {
  const { t } = useLanguage();
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const [differ, setDiffer] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const [password, again] = [takePassword(first), takePassword(second)];
    setDiffer(password !== again);
    if (password !== again || !(await onSubmit(password))) first.current?.focus();
  };
  return (
    <form className={css['form']} onSubmit={(event) => void submit(event)}>
      {children}
      <PasswordField label={t('killSwitch.password.new')} hint={t('killSwitch.password.hint')} input={first} minLength={SHORTEST} />
      <PasswordField label={t('killSwitch.password.again')} error={differ ? t('killSwitch.password.differ') : null} input={second} />
      <ProblemLine problem={problem} />
      <Button kind="primary" type="submit" disabled={busy}>
        {confirm}
      </Button>
    </form>
  );
}
