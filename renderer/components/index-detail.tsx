import type { ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import { cx } from './cx.ts';
import { EmptyState } from './empty-state.tsx';
import css from './index-detail.module.css';

interface IndexDetailProps {
  readonly className?: string | undefined;
  readonly index: ReactNode;
  /** Null when nothing is open. */
  readonly detail: ReactNode;
  /** What stands in place of the detail. */
  readonly nothing: { readonly icon: LucideIcon; readonly title: string };
}

/** A narrow index, and what is open of it in all the room beside it, or over it where that is narrow. */
export function IndexDetail({ className, index, detail, nothing }: IndexDetailProps) {
  return (
    <div className={cx(css['split'], className)} data-open={detail !== null || undefined}>
      <div className={css['index']}>{index}</div>
      {detail ?? (
        <div className={css['nothing']}>
          <EmptyState {...nothing} />
        </div>
      )}
    </div>
  );
}
