import { Check, Copy } from 'lucide-react';
import { useLanguage } from '../services.tsx';
import { IconButton } from './button.tsx';
import { useCopy } from './use-copy.ts';
import css from './command.module.css';

/** A command to type elsewhere, with a button that copies it. */
export function Command({ text }: { readonly text: string }) {
  const { t } = useLanguage();
  const { copied, copy, forget } = useCopy(text);
  return (
    <div className={css['command']}>
      <code>{text}</code>
      <IconButton icon={copied ? Check : Copy} label={copied ? t('common.copied') : t('common.copy')} onClick={copy} onBlur={forget} />
      <span role="status" className="visually-hidden">
        {copied ? t('common.copied') : ''}
      </span>
    </div>
  );
}
