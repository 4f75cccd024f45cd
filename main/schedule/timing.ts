import { Cron } from 'croner';
import { AppError } from '../base/errors.ts';
import type { TimingText } from './types.ts';
import { isTimeZone, localToUtc } from './zones.ts';

/** When something runs, ready to be asked. */
export type Timing =
  | { readonly kind: 'cron'; readonly line: Cron }
  | { readonly kind: 'interval'; readonly everyMs: number; readonly anchorAt: number }
  | { readonly kind: 'once'; readonly at: number };

/** Faster than this no agent can answer anyway. */
const SHORTEST_INTERVAL_MS = 1000;
/** A hundred years; a longer one is a mistake of units. */
const LONGEST_INTERVAL_MS = 100 * 365.25 * 86_400_000;
const FIELDS = ['minute', 'hour', 'day of the month', 'month', 'day of the week'] as const;
/** Digits, names, `*`, lists, ranges, steps, `L` for the last, `#` for the nth. */
const FIELD = /^[0-9A-Za-z*,/#-]+$/;
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/;

/** Reads a timing. Throws INPUT_INVALID that names the field, the rule and the cure. */
export function parseTiming({ kind, value, zone }: TimingText, anchorAt: number): Timing {
  if (!isTimeZone(zone)) {
    throw invalid('zone', `'${shown(zone)}' is no time zone that is known here. Use an IANA name, for example Asia/Seoul or Europe/Berlin.`);
  }
  switch (kind) {
    case 'cron':
      return { kind, line: parseCron(value, zone) };
    case 'interval':
      return { kind, everyMs: parseInterval(value), anchorAt };
    case 'once':
      return { kind, at: parseOnce(value, zone) };
  }
}

function parseCron(value: string, zone: string): Cron {
  const fields = value.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    throw invalid('value', `A cron line has five fields (${FIELDS.join(', ')}); '${shown(value)}' has ${value.trim() === '' ? 0 : fields.length}. Example: 0 9 * * 1-5`);
  }
  fields.forEach((field, at) => {
    if (!FIELD.test(field)) {
      throw invalid('value', `The ${FIELDS[at]} of the cron line is '${shown(field)}': it is made of numbers, names, * , - / L and #. Example: */15`);
    }
  });
  let line: Cron;
  try {
    // Fixed times that are left out run right after the gap, repeated ones run once; all others follow the clock.
    line = new Cron(fields.join(' '), { timezone: zone, mode: '5-part', fixedTimeRule: 'no-wildcard' });
  } catch (error) {
    const why = (error as Error).message.replace(/^Cron\w*: /, '');
    throw invalid('value', `The cron line '${shown(value)}' cannot be read: ${why}. Example: 0 9 * * 1-5`);
  }
  if (line.nextRun(new Date(0)) === null) throw invalid('value', `The cron line '${shown(value)}' never comes: there is no such day.`);
  return line;
}

function parseInterval(value: string): number {
  const everyMs = /^\d{1,15}$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (everyMs >= SHORTEST_INTERVAL_MS && everyMs <= LONGEST_INTERVAL_MS) return everyMs;
  throw invalid('value', `An interval is a whole number of milliseconds from ${SHORTEST_INTERVAL_MS} to 100 years; it is '${shown(value)}'. Example: 3600000 for every hour.`);
}

function parseOnce(value: string, zone: string): number {
  const match = LOCAL.exec(value.trim());
  const wrong = (): AppError =>
    invalid('value', `'${shown(value)}' is no time. Write it as 2026-11-20T09:00, local to the time zone, or with an offset: 2026-11-20T09:00+09:00`);
  if (match === null) throw wrong();
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number];
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days || hour > 23 || minute > 59 || second > 59) throw wrong();
  const offset = match[7];
  if (offset === undefined) return localToUtc({ year, month, day, hour, minute, second }, zone);
  const at = Date.parse(value.trim().replace(' ', 'T'));
  if (Number.isNaN(at)) throw wrong();
  return Math.floor(at / 1000) * 1000;
}

function invalid(field: 'value' | 'zone', message: string): AppError {
  return new AppError('INPUT_INVALID', message, { field });
}

function shown(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
