import { useCallback, useSyncExternalStore } from 'react';
import { useLanguage, useServices } from '../services.tsx';

/** The present, renewed at the interval. */
export function useNow(intervalMs: number): number {
  const { ticker } = useServices();
  return useSyncExternalStore(
    useCallback((listener) => ticker.subscribe(intervalMs, listener), [ticker, intervalMs]),
    () => ticker.now(intervalMs),
  );
}

const RELATIVE_MS = 10_000;

/** How long ago, with the exact time on hover. */
export function RelativeTime({ time }: { readonly time: string }) {
  const { format } = useLanguage();
  const now = useNow(RELATIVE_MS);
  return (
    <time dateTime={time} title={format.exact(time)}>
      {format.relative(time, now)}
    </time>
  );
}

/** How long until then, or how long ago once it is over; exact on hover. */
export function Deadline({ time }: { readonly time: string }) {
  const { format } = useLanguage();
  const now = useNow(RELATIVE_MS);
  return (
    <time dateTime={time} title={format.exact(time)}>
      {Date.parse(time) > now ? format.ahead(time, now) : format.relative(time, now)}
    </time>
  );
}

/** The time of the day, or the date when it was another day; exact on hover. */
export function BriefTime({ time }: { readonly time: string }) {
  const { format } = useLanguage();
  const now = useNow(60_000);
  return (
    <time dateTime={time} title={format.exact(time)}>
      {format.brief(time, now)}
    </time>
  );
}

/** Counts down to a time of this machine, in ms since 1970. */
export function Countdown({ until }: { readonly until: number }) {
  const { format, t } = useLanguage();
  const left = until - useNow(1_000);
  return (
    <span role="timer" aria-live="off">
      {left > 0 ? format.countdown(left) : t('lock.ending')}
    </span>
  );
}
