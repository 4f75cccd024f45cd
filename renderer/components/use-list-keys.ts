import { useCallback, type KeyboardEvent } from 'react';
import { keyOf } from './keys.ts';

interface ListKeys<Id> {
  /** All entries in the order of the screen; asked for only when a key is pressed. */
  readonly ids: () => readonly Id[];
  readonly active: Id | null;
  readonly onMove: (id: Id) => void;
  readonly onOpen: (id: Id) => void;
  /** How many entries a page is. */
  readonly page?: number | undefined;
}

/** Where a key leads from an index; null when the key is not about moving. Pure. */
export function moveOf(key: string, index: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const clamp = (value: number): number => Math.min(count - 1, Math.max(0, value));
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return clamp(index + 1);
    case 'ArrowUp':
    case 'k':
      return clamp(index < 0 ? 0 : index - 1);
    case 'PageDown':
      return clamp(index + page);
    case 'PageUp':
      return clamp(index - page);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

function handleKey<Id>({ ids, active, onMove, onOpen, page = 10 }: ListKeys<Id>, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
  const all = ids();
  const index = active === null ? -1 : all.indexOf(active);
  if (event.key === 'Enter' && event.target === event.currentTarget) {
    const id = all[index];
    if (id === undefined) return;
    event.preventDefault();
    onOpen(id);
    return;
  }
  const next = moveOf(keyOf(event), index, all.length, page);
  const id = next === null ? undefined : all[next];
  if (id === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  onMove(id);
}

/** Arrows, j and k, Home, End and paging move; Enter opens. For the element that holds the list. */
export function useListKeys<Id>({ ids, active, onMove, onOpen, page }: ListKeys<Id>): (event: KeyboardEvent) => void {
  return useCallback((event) => handleKey({ ids, active, onMove, onOpen, page }, event), [ids, active, onMove, onOpen, page]);
}

/** The same for the button in each row of a table; `data-row` of the button is its id. */
export function useRowKeys(ids: readonly string[], onMove: (id: string) => void, onOpen: (id: string) => void): (event: KeyboardEvent<HTMLElement>) => void {
  return useCallback((event) => handleKey({ ids: () => ids, active: event.currentTarget.dataset['row'] ?? null, onMove, onOpen }, event), [ids, onMove, onOpen]);
}
