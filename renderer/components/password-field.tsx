import type { RefObject } from 'react';
import { Field, TextInput } from './field.tsx';

interface PasswordFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | null;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly minLength?: number;
}

/** A password stays in the input itself and nowhere else, until {@link takePassword}. */
export function PasswordField({ label, hint, error, input, minLength }: PasswordFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <TextInput {...control} ref={input} type="password" autoComplete="off" required minLength={minLength} maxLength={1024} />}
    </Field>
  );
}

/** Reads the password and empties the input. */
export function takePassword(input: RefObject<HTMLInputElement | null>): string {
  const password = input.current?.value ?? '';
  if (input.current !== null) input.current.value = '';
  return password;
}
