import type { ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import css from './empty-state.module.css';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  /** What belongs here. */
  readonly title: string;
  readonly text?: string | undefined;
  /** The one next step. */
  readonly action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, text, action }: EmptyStateProps) {
  return (
    <div className={css['empty']}>
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <p className={css['title']}>{title}</p>
      {text && <p className={css['text']}>{text}</p>}
      {action}
    </div>
  );
}
