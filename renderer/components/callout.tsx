import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import css from './callout.module.css';

interface CalloutProps {
  readonly tone: 'warn' | 'danger';
  /** Read out as soon as it appears; for what comes up while somebody looks. */
  readonly alert?: boolean;
  /** Where it stands. */
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A box with what a person should know before going on. */
export function Callout({ tone, alert = false, className, children }: CalloutProps) {
  return (
    <div className={cx(css['callout'], css[tone], className)} role={alert ? 'alert' : undefined}>
      {children}
    </div>
  );
}
