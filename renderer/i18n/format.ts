import type { Translate } from './translate.ts';

/** Times and numbers as the person reads them. All input times are ISO 8601 or ms since 1970. */
export interface Formats {
  /** `just now`, `4 min ago`, `yesterday`. */
  relative(time: string | number, now: number): string;
  /** How long until then: `in 6 days`, `in 4 min.`; `just now` when it is there. */
  ahead(time: string | number, now: number): string;
  /** Date and time to the second. */
  exact(time: string | number): string;
  /** The time of today, or the short date with the time. */
  brief(time: string | number, now: number): string;
  /** A countdown: `4:05`, `1:02:03`. */
  countdown(ms: number): string;
  number(value: number): string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Younger than this, a time is "just now"; also covers clocks that differ a little. */
const JUST_NOW_MS = 10 * SECOND;

/** `h:mm:ss` or `m:ss`, rounded up so that it reads 0:00 only when the time is over. */
export function countdownText(ms: number): string {
  const total = Math.max(0, Math.ceil(ms / SECOND));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(total / 60);
  return minutes < 60
    ? `${minutes}:${pad(total % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(total % 60)}`;
}

export function createFormats(locale: string, t: Translate): Formats {
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  /** In days and not "tomorrow", which a whole day from now may not be. */
  const days = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const numbers = new Intl.NumberFormat(locale);
  const dayOf = (time: Date): string => `${time.getFullYear()}-${time.getMonth()}-${time.getDate()}`;
  return {
    relative(time, now) {
      const age = now - new Date(time).getTime();
      if (age < JUST_NOW_MS) return t('time.justNow');
      if (age < MINUTE) return ago.format(-Math.floor(age / SECOND), 'second');
      if (age < HOUR) return ago.format(-Math.floor(age / MINUTE), 'minute');
      if (age < DAY) return ago.format(-Math.floor(age / HOUR), 'hour');
      return ago.format(-Math.floor(age / DAY), 'day');
    },
    ahead(time, now) {
      const left = new Date(time).getTime() - now;
      if (left <= 0) return t('time.justNow');
      if (left < MINUTE) return ago.format(Math.ceil(left / SECOND), 'second');
      if (left < HOUR) return ago.format(Math.floor(left / MINUTE), 'minute');
      if (left < DAY) return ago.format(Math.floor(left / HOUR), 'hour');
      return days.format(Math.floor(left / DAY), 'day');
    },
    exact: (time) => exact.format(new Date(time)),
    brief(time, now) {
      const at = new Date(time);
      return dayOf(at) === dayOf(new Date(now)) ? clock.format(at) : day.format(at);
    },
    countdown: countdownText,
    number: (value) => numbers.format(value),
  };
}
