import { useCallback, useEffect, useRef, type RefObject } from 'react';
import type { Message } from '../../../preload/contract.ts';
import { usePerson, useUnread } from '../../components/use-person.ts';
import { useCall, useLanguage, useServices, useSnapshot } from '../../services.tsx';
import { readableUpTo } from '../../state/conversations.ts';

/** So long a message lies on the screen before it counts as seen. */
const SEEN_MS = 600;

/** Watches an element that shows a message; returns what ends the watching. */
export type Observe = (element: HTMLElement, message: Message) => (() => void) | undefined;

/** Marks the person's messages read once they have been on the screen of a window that has the focus. */
export function useMarkRead(scroller: RefObject<HTMLElement | null>): Observe {
  const { t } = useLanguage();
  const call = useCall();
  const { seen } = useServices();
  const messages = useSnapshot((snapshot) => snapshot.messages);
  const person = usePerson();
  const unread = useUnread();
  const mark = useRef<() => void>(() => undefined);
  const marked = useRef(0);
  useEffect(() => {
    mark.current = () => {
      const upTo = readableUpTo(messages, person, seen, unread);
      if (upTo === null || upTo <= marked.current) return;
      marked.current = upTo;
      void call('messages.markRead', { up_to_id: upTo }, t('message.markFailed'));
    };
    mark.current();
  }, [messages, person, unread, seen, call, t]);

  return useCallback<Observe>(
    (element, message) => {
      if (message.to_role !== person || message.read_at !== null) return undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const observer = new IntersectionObserver(
        ([entry]) => {
          clearTimeout(timer);
          if (entry?.isIntersecting !== true) return;
          timer = setTimeout(() => {
            if (!document.hasFocus()) return;
            seen.add(message.id);
            mark.current();
          }, SEEN_MS);
        },
        { root: scroller.current, threshold: 0.2 },
      );
      observer.observe(element);
      return () => {
        clearTimeout(timer);
        observer.disconnect();
      };
    },
    [scroller, person, seen],
  );
}
