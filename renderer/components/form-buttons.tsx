import { useLanguage } from '../services.tsx';
import { Button } from './button.tsx';
import css from './form.module.css';

interface FormButtonsProps {
  /** The word of the button that sends the form. */
  readonly submit: string;
  readonly disabled: boolean;
  readonly onCancel: () => void;
}

/** The end of a form: send it, or leave it. */
export function FormButtons({ submit, disabled, onCancel }: FormButtonsProps) {
  const { t } = useLanguage();
  return (
    <div className={css['row']}>
      <Button kind="primary" type="submit" disabled={disabled}>
        {submit}
      </Button>
      <Button kind="quiet" onClick={onCancel}>
        {t('common.cancel')}
      </Button>
    </div>
  );
}
