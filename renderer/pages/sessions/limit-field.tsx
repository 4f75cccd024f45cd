import { useState } from 'react';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { useLanguage } from '../../services.tsx';
import type { TextKey } from '../../i18n/translate.ts';
import { chosenLimit, type Limit } from '../../state/sessions.ts';
import css from './sessions.module.css';

interface LimitFieldProps<K extends string> {
  readonly label: string;
  readonly hint: string;
  /** What can be chosen, in the unit of the call; undefined leaves it to the settings, null is no limit. */
  readonly choices: Readonly<Record<K, number | null | undefined>>;
  readonly wordOf: (choice: K) => string;
  /** A number of one's own: its range and size in the unit of the call. */
  readonly other: { readonly min: number; readonly max: number; readonly factor: number; readonly label: TextKey; readonly rule: TextKey };
  readonly onChange: (limit: Limit) => void;
}

const OTHER = 'other';

/** A limit of a session: one of a few usual ones, or a number. */
export function LimitField<K extends string>({ label, hint, choices, wordOf, other, onChange }: LimitFieldProps<K>) {
  const { t, format } = useLanguage();
  const [first = OTHER as K] = Object.keys(choices) as K[];
  const [choice, setChoice] = useState<K | typeof OTHER>(first);
  const [typed, setTyped] = useState('');
  const limit = choice === OTHER ? chosenLimit(typed, other) : { valid: true, value: choices[choice] };
  const choose = (next: K | typeof OTHER): void => {
    setChoice(next);
    onChange(next === OTHER ? chosenLimit(typed, other) : { valid: true, value: choices[next] });
  };
  const type = (text: string): void => {
    setTyped(text);
    onChange(chosenLimit(text, other));
  };
  const range = { min: format.number(other.min), max: format.number(other.max) };
  return (
    <div className={css['limit']}>
      <Field label={label} hint={hint}>
        {(control) => (
          <Select
            {...control}
            value={choice}
            onChoose={choose}
            options={[...(Object.keys(choices) as K[]).map((value) => ({ value, label: wordOf(value) })), { value: OTHER, label: t('session.ownNumber') }]}
          />
        )}
      </Field>
      {choice === OTHER && (
        <Field label={t(other.label)} hint={t(other.rule, range)} error={!limit.valid && typed !== '' ? t(other.rule, range) : null}>
          {(control) => <TextInput {...control} inputMode="numeric" required maxLength={8} className={css['number']} value={typed} onChange={(event) => type(event.target.value)} />}
        </Field>
      )}
    </div>
  );
}
