import { useEffect, useRef, useSyncExternalStore, type ReactNode, type RefObject } from 'react';
import { X } from 'lucide-react';
import { useLanguage } from '../services.tsx';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';
import css from './list-detail.module.css';

/** Below this width the detail lies over the list instead of beside it (list-detail.module.css). */
const NARROW = '(max-width: 959px)';

function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = window.matchMedia(NARROW);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => window.matchMedia(NARROW).matches,
  );
}

interface ListDetailProps {
  readonly list: ReactNode;
  /** Null when nothing is open. */
  readonly detail: ReactNode;
}

/** A list, and beside it what is open. */
export function ListDetail({ list, detail }: ListDetailProps) {
  const narrow = useNarrow();
  return (
    <div className={css['split']}>
      <div className={css['list']} inert={narrow && detail !== null}>
        {list}
      </div>
      {detail}
    </div>
  );
}

/** The part of the list that scrolls; what is in it goes by its width. */
export function ListScroll({ className, children }: { readonly className?: string | undefined; readonly children: ReactNode }) {
  return <div className={cx(css['scroll'], className)}>{children}</div>;
}

interface DetailPaneProps {
  readonly title: ReactNode;
  /** Its name for screen readers. */
  readonly label: string;
  readonly onClose: () => void;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  /** The part that scrolls. */
  readonly scroller?: RefObject<HTMLDivElement | null>;
}

export function DetailPane({ title, label, onClose, tools, children, footer, scroller }: DetailPaneProps) {
  const { t } = useLanguage();
  const narrow = useNarrow();
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    if (narrow && !pane.current?.contains(document.activeElement)) pane.current?.focus();
  }, [narrow]);
  return (
    <aside ref={pane} className={css['detail']} aria-label={label} tabIndex={-1} data-detail>
      <header className={css['bar']}>
        <div className={css['title']}>{title}</div>
        {tools}
        <IconButton icon={X} label={t('common.close')} onClick={onClose} />
      </header>
      <div ref={scroller} className={css['body']}>
        {children}
      </div>
      {footer && <footer className={css['footer']}>{footer}</footer>}
    </aside>
  );
}

/** The last part of a detail: a button for what is not easily undone, and a line on what it does. */
export function DetailEnd({ children }: { readonly children: ReactNode }) {
  return <div className={css['end']}>{children}</div>;
}

/** Moves into the detail pane once it has been drawn, as Enter in a list does. */
export function focusDetail(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-detail]')?.focus());
}
