import type { ButtonHTMLAttributes, ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import { cx } from './cx.ts';
import css from './button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: the one main action of a view. `danger`: destroys something. */
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: LucideIcon;
  readonly size?: 'normal' | 'small';
  /** Shown after the label, for example a key. */
  readonly trailing?: ReactNode;
}

export function Button({ kind = 'plain', icon: Icon, size = 'normal', trailing, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={cx(css['button'], css[kind], size === 'small' && css['small'], className)}>
      {Icon && <Icon size={size === 'small' ? 14 : 16} aria-hidden />}
      {children}
      {trailing}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  /** What it does, for screen readers and on hover. */
  readonly label: string;
}

export function IconButton({ icon: Icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={cx(css['icon'], className)}>
      <Icon size={16} aria-hidden />
    </button>
  );
}
