import { useLanguage } from '../services.tsx';
import { Field, TextInput } from './field.tsx';

interface ReasonFieldProps {
  /** Who gets to read it. */
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Why something is done that concerns others. */
export function ReasonField({ hint, value, onChange }: ReasonFieldProps) {
  const { t } = useLanguage();
  return (
    <Field label={t('common.reason')} hint={hint}>
      {(control) => <TextInput {...control} maxLength={500} value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}
