const DAY_MS = 86_400_000;

/** A time as a clock on the wall shows it. Months from 1. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Whether `name` is an IANA time zone that this machine knows. */
export function isTimeZone(name: string): boolean {
  // Offsets as `+09:00` are zones to Intl, but have no daylight saving and no name for people.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The time zone of this machine; UTC where it has none that is known. */
export function machineTimeZone(): string {
  const zone = new Intl.DateTimeFormat('en').resolvedOptions().timeZone;
  return isTimeZone(zone) ? zone : 'UTC';
}

/**
 * When a local time is. A time that occurs twice means its first occurrence; one that is left out, because clocks are put
 * forward, means that much later (the `compatible` rule of RFC 5545 §3.3.5 and of Temporal).
 */
export function localToUtc(local: LocalTime, zone: string): number {
  const wall = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  const offsetOf = offsets(zone);
  const before = offsetOf(wall - DAY_MS);
  const after = offsetOf(wall + DAY_MS);
  const fits = [wall - before, wall - after].filter((at) => at + offsetOf(at) === wall);
  return fits.length > 0 ? Math.min(...fits) : wall - before;
}

/** Tells by how many ms local time is ahead of UTC at a moment. */
function offsets(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const part = (name: string): number => Number(parts[name]);
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1000) * 1000;
  };
}
