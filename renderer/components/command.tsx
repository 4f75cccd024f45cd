import { Check, Copy } from 'lucide-react';
import { useLanguage } from '../services.tsx';
import { IconButton } from './button.tsx';
import { useCopy } from './use-copy.ts';
import css from './command.module.css';

interface CommandProps {
  readonly text: string;
  /** Makes it a link within the windows. */
  readonly href?: string;
}

/** A command to type elsewhere, or what else is copied, with a button that does. */
export function Command({ text, href }: CommandProps) {
  const { t } = useLanguage();
  const { copied, copy, forget } = useCopy(text);
  return (
    <div className={css['command']}>
      {href === undefined ? (
        <code>{text}</code>
      ) : (
        <a href={href}>
          <code>{text}</code>
        </a>
      )}
      <IconButton icon={copied ? Check : Copy} label={copied ? t('common.copied') : t('common.copy')} onClick={copy} onBlur={forget} />
      <span role="status" className="visually-hidden">
        {copied ? t('common.copied') : ''}
      </span>
    </div>
  );
}
