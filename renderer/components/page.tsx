import { use, useEffect, useRef, type ReactNode } from 'react';
import { MovedContext } from '../services.tsx';
import css from './page.module.css';

interface PageProps {
  readonly title: string;
  /** A few words about what is shown, beside the title. */
  readonly meta?: ReactNode;
  /** The one primary action. */
  readonly action?: ReactNode;
  /** Search and filters. */
  readonly toolbar?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page: a header with the title and one primary action, and the content below. */
export function Page({ title, meta, action, toolbar, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const moved = use(MovedContext);
  // A new page is read out from its title, and the next Tab starts there. The first one leaves the focus at the top.
  useEffect(() => {
    if (moved) heading.current?.focus({ preventScroll: true });
  }, [moved]);
  return (
    <div className={css['page']}>
      <header className={css['header']}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {meta && <div className={css['meta']}>{meta}</div>}
        {toolbar && <div className={css['toolbar']}>{toolbar}</div>}
        {action && <div className={css['action']}>{action}</div>}
      </header>
      <div className={css['content']}>{children}</div>
    </div>
  );
}
