import { useId, type ComponentProps, type ReactNode, type Ref, type SelectHTMLAttributes } from 'react';
import { ChevronDown, Search, X } from 'lucide-react';
import { useLanguage } from '../services.tsx';
import { cx } from './cx.ts';
import css from './field.module.css';

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with the input; read out with the field. */
  readonly error?: string | null | undefined;
  /** Gets the attributes that tie label, hint and error to the control. */
  readonly children: (control: { readonly id: string; readonly 'aria-describedby': string | undefined; readonly 'aria-invalid': boolean }) => ReactNode;
}

/** A labelled control with its hint or its error. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': note ? `${id}-note` : undefined, 'aria-invalid': Boolean(error) })}
      {note && (
        <p id={`${id}-note`} className={error ? css['error'] : css['hint']}>
          {note}
        </p>
      )}
    </div>
  );
}

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return <input type="text" autoComplete="off" spellCheck={false} {...rest} className={cx(css['input'], className)} />;
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea rows={4} spellCheck={false} {...rest} className={cx(css['input'], css['area'], className)} />;
}

interface SelectProps<V extends string> extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'value' | 'onChange'> {
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChoose: (value: V) => void;
}

/** The platform's own select, dressed. */
export function Select<V extends string>({ value, options, onChoose, className, ...rest }: SelectProps<V>) {
  return (
    <span className={cx(css['select'], className)}>
      <select {...rest} value={value} onChange={(event) => onChoose(event.target.value as V)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown size={14} aria-hidden />
    </span>
  );
}

interface SearchBoxProps {
  readonly value: string;
  readonly label: string;
  readonly onSearch: (value: string) => void;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** The search of a page; `/` leads here. */
export function SearchBox({ value, label, onSearch, inputRef }: SearchBoxProps) {
  const { t } = useLanguage();
  return (
    <search className={css['search']}>
      <Search size={14} aria-hidden />
      <input
        ref={inputRef}
        type="search"
        data-page-search
        aria-label={label}
        placeholder={label}
        value={value}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
          event.stopPropagation();
          if (value === '') event.currentTarget.blur();
          else onSearch('');
        }}
      />
      {value === '' ? (
        <kbd aria-hidden>/</kbd>
      ) : (
        <button type="button" aria-label={t('common.clearSearch')} onClick={() => onSearch('')}>
          <X size={14} aria-hidden />
        </button>
      )}
    </search>
  );
}
