import { useCallback, type KeyboardEvent, type MouseEvent } from 'react';
import { showDetail } from '../router.ts';
import { focusDetail } from './list-detail.tsx';
import { useRowKeys } from './use-list-keys.ts';

/** What a `Table` with a detail beside it gives to its rows. */
export interface Rows {
  /** For the `tr`: a click anywhere on it shows its detail. */
  readonly row: (id: string) => { readonly 'data-open': true | undefined; readonly onClick: () => void };
  /** For the button in it, by which keys reach the row. Enter also moves into the detail. */
  readonly opener: (id: string) => {
    readonly type: 'button';
    readonly 'data-row': string;
    readonly 'data-list': true | undefined;
    readonly 'aria-expanded': boolean;
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onClick: (event: MouseEvent) => void;
  };
}

/**
 * Rows that open a detail: arrows, j and k move, and take an open detail along. `ids` in the order of the screen; the same
 * array and the same `show` from one drawing to the next keep the handlers the same.
 */
export function useRows(ids: readonly string[], openId: string | null, show: (id: string) => void = showDetail): Rows {
  const move = useCallback(
    (id: string) => {
      document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus();
      if (openId !== null) show(id);
    },
    [openId, show],
  );
  const open = useCallback(
    (id: string) => {
      show(id);
      focusDetail();
    },
    [show],
  );
  const onKeyDown = useRowKeys(ids, move, open);
  return {
    row: (id) => ({ 'data-open': id === openId || undefined, onClick: () => show(id) }),
    opener: (id) => ({
      type: 'button',
      'data-row': id,
      'data-list': id === ids[0] || undefined,
      'aria-expanded': id === openId,
      onKeyDown,
      onClick: (event) => {
        event.stopPropagation();
        // A click without a mouse is a key.
        if (event.detail === 0) open(id);
        else show(id);
      },
    }),
  };
}
