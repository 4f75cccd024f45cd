/**
 * When the quiet hours that hold at `now` end, in ms; null when none hold. `hours` is as `22:00-07:00` in the time of this
 * machine, and may go over midnight; empty, or from a time to itself, is never.
 */
export function quietUntil(hours: string, now: number): number | null {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(hours);
  if (match === null) return null;
  const [fromHour, fromMinute, toHour, toMinute] = match.slice(1).map(Number) as [number, number, number, number];
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  const date = new Date(now);
  const minute = date.getHours() * 60 + date.getMinutes();
  const quiet = from < to ? minute >= from && minute < to : from > to && (minute >= from || minute < to);
  if (!quiet) return null;
  const end = new Date(now);
  // Setting the hour, not adding hours: the night in which clocks change is an hour longer or shorter.
  end.setHours(toHour, toMinute, 0, 0);
  if (end.getTime() <= now) end.setDate(end.getDate() + 1);
  return end.getTime();
}
