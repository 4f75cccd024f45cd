import { useState } from 'react';
import { Check, Copy } from 'lucide-react';
import { useLanguage } from '../services.tsx';
import { IconButton } from './button.tsx';
import css from './command.module.css';

/** A command to type elsewhere, with a button that copies it. */
export function Command({ text }: { readonly text: string }) {
  const { t } = useLanguage();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className={css['command']}>
      <code>{text}</code>
      <IconButton icon={copied ? Check : Copy} label={copied ? t('common.copied') : t('common.copy')} onClick={copy} onBlur={() => setCopied(false)} />
      <span role="status" className="visually-hidden">
        {copied ? t('common.copied') : ''}
      </span>
    </div>
  );
}
