import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { extendHistory, followHistory, startHistory, type History } from './history.ts';

interface Numbered {
  readonly id: number;
}

interface HistoryOptions<T> {
  /** The unbroken newest end, oldest first. */
  readonly live: readonly T[];
  readonly matches: (entry: T) => boolean;
  /** Fetches the page before an id, newest first; null when it failed, which has been reported. */
  readonly load: (beforeId: number | undefined) => Promise<{ readonly page: readonly T[]; readonly hasMore: boolean } | null>;
}

export interface LoadedHistory<T> extends History<T> {
  readonly loading: boolean;
  /** The last page could not be fetched; `loadMore` tries again. */
  readonly failed: boolean;
  readonly loadMore: () => void;
}

interface State<T> {
  readonly matches: (entry: T) => boolean;
  /** The live end that the history has followed. */
  readonly live: readonly T[];
  readonly history: History<T>;
  readonly request: 'idle' | 'loading' | 'failed';
}

/** A history that follows the live end and grows backwards. It starts over when `matches` becomes another function. */
export function useHistory<T extends Numbered>({ live, matches, load }: HistoryOptions<T>): LoadedHistory<T> {
  const begin = (): State<T> => ({ matches, live, history: startHistory(live, matches), request: 'idle' });
  const [state, setState] = useState(begin);

  // Derived while rendering, so that a frame never mixes the old filter with the new list.
  let current = state;
  if (state.matches !== matches) current = begin();
  else if (state.live !== live) current = { ...state, live, history: followHistory(state.history, live, matches) };
  if (current !== state) setState(current);

  const { history, request } = current;
  const { beforeId, hasMore } = history;
  const loadMore = useCallback(() => {
    if (!hasMore || request === 'loading') return;
    /** An answer to a filter that is gone is dropped. */
    const settle = (change: (now: State<T>) => Partial<State<T>>): void =>
      setState((now) => (now.matches === matches ? { ...now, ...change(now) } : now));
    const fetchPage = async (): Promise<void> => {
      settle(() => ({ request: 'loading' }));
      const answer = await load(beforeId);
      if (answer === null) settle(() => ({ request: 'failed' }));
      else settle((now) => ({ request: 'idle', history: extendHistory(now.history, answer.page, answer.hasMore, matches) }));
    };
    void fetchPage();
  }, [beforeId, hasMore, request, load, matches]);

  return useMemo(() => ({ ...history, loading: request === 'loading', failed: request === 'failed', loadMore }), [history, request, loadMore]);
}

/** A list of fewer entries than this looks for earlier ones by itself. */
const FEW = 12;
/** How many pages it looks through for them before it leaves that to the person. */
const LOOKS = 3;

/** Looks a little further back while there is little to show. */
export function useLookBack(history: Pick<LoadedHistory<unknown>, 'hasMore' | 'loading' | 'failed' | 'loadMore'>, shown: number): void {
  const looked = useRef(0);
  const { hasMore, loading, failed, loadMore } = history;
  const short = shown < FEW;
  useEffect(() => {
    if (!short || !hasMore || loading || failed || looked.current === LOOKS) return;
    looked.current += 1;
    loadMore();
  }, [short, hasMore, loading, failed, loadMore]);
}
