import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

/** Nearer to the end than this, what comes is followed. */
const NEAR_PX = 120;

/**
 * A conversation that scrolls: starts at its end, follows what comes while the end is on the screen, and keeps the place when
 * earlier messages come on top. `firstId` is that of the topmost message, 0 while there is none; `end` changes with what
 * stands at the end; `follow` is for what grows by itself.
 */
export function useFollowing(firstId: number, end: unknown): { readonly scroller: RefObject<HTMLDivElement | null>; readonly follow: () => void } {
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef<{ firstId: number; end: unknown; height: number; atEnd: boolean }>({ firstId: 0, end: null, height: 0, atEnd: true });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const note = (): void => {
      before.current.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    };
    element.addEventListener('scroll', note);
    return () => element.removeEventListener('scroll', note);
  }, []);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (before.current.firstId > firstId && firstId > 0) element.scrollTop += element.scrollHeight - before.current.height;
    else if (before.current.atEnd) element.scrollTop = element.scrollHeight;
    before.current = { ...before.current, firstId, end, height: element.scrollHeight };
  }, [firstId, end]);
  const follow = useCallback(() => {
    const element = scroller.current;
    if (element !== null && before.current.atEnd) element.scrollTop = element.scrollHeight;
  }, []);
  return { scroller, follow };
}
