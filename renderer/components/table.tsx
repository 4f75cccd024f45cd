import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import css from './table.module.css';

/** The heading of a column. `hidden`: only for screen readers. `number`: it stands over numbers, on the right. */
export type Column = string | { readonly text: string; readonly hidden?: true; readonly number?: true };

interface TableProps {
  /** The widths of its columns, and which of them give way where it is narrow: more specific than a class on the table alone. */
  readonly className?: string | undefined;
  /** Its name for screen readers, where the page has several. */
  readonly label?: string;
  readonly columns: readonly Column[];
  /** Columns as wide as what is in them, and rows that open nothing. */
  readonly plain?: boolean;
  /** Its bodies. */
  readonly children: ReactNode;
}

/** A table under a head that stays in sight. What its rows do is for `useRows`. */
export function Table({ className, label, columns, plain = false, children }: TableProps) {
  return (
    <table className={cx(css['table'], !plain && css['rows'], className)} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => {
            const { text, hidden, number } = typeof column === 'string' ? { text: column } : column;
            return (
              <th key={text} scope="col" data-number={number}>
                {hidden ? <span className="visually-hidden">{text}</span> : text}
              </th>
            );
          })}
        </tr>
      </thead>
      {children}
    </table>
  );
}
