import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { nextRun, nextRuns } from '../../../main/schedule/next-run.ts';
import { parseTiming } from '../../../main/schedule/timing.ts';
import type { TimingKind } from '../../../main/schedule/types.ts';

const HOUR = 3_600_000;
const ANCHOR = Date.UTC(2026, 0, 1);
const timing = (kind: TimingKind, value: string, zone = 'UTC', anchorAt = ANCHOR) => parseTiming({ kind, value, zone }, anchorAt);
const isoRuns = (kind: TimingKind, value: string, zone: string, after: string, count: number): readonly string[] =>
  nextRuns(timing(kind, value, zone), Date.parse(after), count).map((at) => new Date(at).toISOString().replace(':00.000Z', 'Z'));

describe('TASK-02: a cron line runs by the clock of its time zone', () => {
  test.each([
    // what it shows, line, zone, after, runs
    ['every morning in Seoul', '0 9 * * *', 'Asia/Seoul', '2026-11-20T00:00:00Z', ['2026-11-21T00:00Z', '2026-11-22T00:00Z']],
    ['weekdays by name, over a weekend', '0 9 * * MON-FRI', 'Asia/Seoul', '2026-01-30T01:00:00Z', ['2026-02-02T00:00Z', '2026-02-03T00:00Z']],
    ['a zone of three quarters of an hour', '0 6 * * *', 'Asia/Kathmandu', '2026-05-01T00:00:00Z', ['2026-05-01T00:15Z', '2026-05-02T00:15Z']],
    ['the present minute is over', '0 9 * * *', 'UTC', '2026-11-20T09:00:00Z', ['2026-11-21T09:00Z']],
    ['a millisecond before its time', '0 9 * * *', 'UTC', '2026-11-20T08:59:59.999Z', ['2026-11-20T09:00Z']],
    ['half a second after its time', '*/15 * * * *', 'UTC', '2026-11-20T09:00:00.500Z', ['2026-11-20T09:15Z']],
    ['the last day of each month', '0 9 L * *', 'UTC', '2026-01-31T10:00:00Z', ['2026-02-28T09:00Z', '2026-03-31T09:00Z', '2026-04-30T09:00Z']],
    ['the 31st leaves short months out', '0 9 31 * *', 'UTC', '2026-01-31T10:00:00Z', ['2026-03-31T09:00Z', '2026-05-31T09:00Z']],
    ['the last of the year into the next', '30 23 31 12 *', 'UTC', '2026-12-31T23:30:00Z', ['2027-12-31T23:30Z']],
    ['leap days', '0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['no leap day in 2100', '0 0 29 2 *', 'UTC', '2096-03-01T00:00:00Z', ['2104-02-29T00:00Z']],
    ['day of the month or of the week, as cron always had it', '0 0 13 * 5', 'UTC', '2026-02-07T00:00:00Z', ['2026-02-13T00:00Z', '2026-02-20T00:00Z']],
    ['the first Monday', '0 9 * * 1#1', 'Asia/Seoul', '2026-01-31T10:00:00Z', ['2026-02-02T00:00Z', '2026-03-02T00:00Z']],
    ['Sunday is 0 and 7', '0 0 * * 7', 'UTC', '2026-01-31T10:00:00Z', ['2026-02-01T00:00Z', '2026-02-08T00:00Z']],
  ])('%s', (_what, line, zone, after, runs) => {
    expect(isoRuns('cron', line, zone, after, runs.length)).toEqual(runs);
  });

  test.each([
    // New York puts its clocks forward at 02:00 on 8 March 2026 and back at 02:00 on 1 November 2026.
    ['a fixed time in the gap runs right after it', '30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', ['2026-03-08T07:00Z', '2026-03-09T06:30Z']],
    ['an every-15-minutes line just goes on over the gap', '*/15 * * * *', 'America/New_York', '2026-03-08T06:40:00Z', ['2026-03-08T06:45Z', '2026-03-08T07:00Z', '2026-03-08T07:15Z']],
    ['a fixed time that occurs twice runs once', '30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
    ['so do several fixed times', '0 1,2 * * *', 'America/New_York', '2026-11-01T04:50:00Z', ['2026-11-01T05:00Z', '2026-11-01T07:00Z', '2026-11-02T06:00Z']],
    ['an every-hour line runs in both of the repeated hours', '0 * * * *', 'America/New_York', '2026-11-01T04:50:00Z', ['2026-11-01T05:00Z', '2026-11-01T06:00Z', '2026-11-01T07:00Z']],
    ['a gap of half an hour', '15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z', ['2026-10-03T15:30Z', '2026-10-04T15:15Z']],
    ['a gap at midnight', '30 0 * * *', 'Asia/Beirut', '2026-03-28T12:00:00Z', ['2026-03-28T22:00Z', '2026-03-29T21:30Z']],
  ])('daylight saving: %s', (_what, line, zone, after, runs) => {
    expect(isoRuns('cron', line, zone, after, runs.length)).toEqual(runs);
  });
});

describe('an interval keeps to its grid (fault 20)', () => {
  test.each([
    ['begins one interval after its anchor', ANCHOR, ANCHOR + HOUR],
    ['a run that was a little late moves nothing', ANCHOR + HOUR + 1234, ANCHOR + 2 * HOUR],
    ['due times that went by are left out', ANCHOR + 5.5 * HOUR, ANCHOR + 6 * HOUR],
    ['strictly after', ANCHOR + 2 * HOUR, ANCHOR + 3 * HOUR],
    ['also when the clock stands before the anchor', ANCHOR - 90 * HOUR, ANCHOR + HOUR],
  ])('%s', (_what, after, next) => {
    expect(nextRun(timing('interval', '3600000'), after)).toBe(next);
  });

  test('never drifts and never comes early', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 10 ** 10 }), fc.integer({ min: 0, max: 10 ** 12 }), (every, passed) => {
        const next = nextRun(timing('interval', String(every)), ANCHOR + passed)!;
        expect((next - ANCHOR) % every).toBe(0);
        expect(next).toBeGreaterThan(ANCHOR + passed);
        expect(next - every).toBeLessThanOrEqual(Math.max(ANCHOR, ANCHOR + passed));
      }),
    );
  });
});

describe('once', () => {
  test.each([
    ['is local to its zone (fault 21)', '2026-11-20T09:00', 'Asia/Seoul', '2026-11-20T00:00Z'],
    ['may have a blank instead of the T', '2026-11-20 09:00', 'Asia/Seoul', '2026-11-20T00:00Z'],
    ['may carry an offset, which wins over the zone', '2026-11-20T09:00+02:00', 'Asia/Seoul', '2026-11-20T07:00Z'],
    ['may be in UTC', '2026-11-20T09:00:00Z', 'Asia/Seoul', '2026-11-20T09:00Z'],
    ['drops parts of a second', '2026-11-20T09:00:00.750', 'UTC', '2026-11-20T09:00Z'],
    ['in a gap is as much later as the gap is long', '2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30Z'],
    ['of a repeated hour is the first one', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30Z'],
    ['right before and after a change', '2026-11-01T02:00', 'America/New_York', '2026-11-01T07:00Z'],
    ['on a leap day', '2028-02-29T12:00', 'Europe/Berlin', '2028-02-29T11:00Z'],
    ['far west', '2026-06-01T23:59', 'Pacific/Honolulu', '2026-06-02T09:59Z'],
    ['over the date line', '2026-06-01T00:30', 'Pacific/Kiritimati', '2026-05-31T10:30Z'],
  ])('%s', (_what, value, zone, at) => {
    expect(isoRuns('once', value, zone, '1970-01-01T00:00:00Z', 1)).toEqual([at]);
  });

  test('comes once and never again', () => {
    const once = timing('once', '2026-11-20T09:00');
    const at = Date.UTC(2026, 10, 20, 9);
    expect(nextRun(once, at - 1)).toBe(at);
    expect(nextRun(once, at)).toBeNull();
  });
});

describe('what cannot be scheduled says what is wrong, where, and how it is written', () => {
  test.each([
    ['cron', '', 'has 0', 'Example: 0 9 * * 1-5'],
    ['cron', '* * * *', 'five fields', 'has 4'],
    ['cron', '0 0 9 * * 1', 'five fields', 'has 6'],
    ['cron', '@daily', 'five fields', 'has 1'],
    ['cron', '60 * * * *', 'minute', 'Example'],
    ['cron', '0 24 * * *', 'hour', 'Example'],
    ['cron', '0 0 0 * *', 'day', 'Example'],
    ['cron', '0 0 * 13 *', 'month', 'Example'],
    ['cron', '5-1 * * * *', '5-1', 'Example'],
    ['cron', '*/0 * * * *', 'stepping', 'Example'],
    ['cron', '? * * * *', 'minute', "'?'"],
    ['cron', '0 9 * * Monday!', 'day of the week', 'Monday!'],
    ['cron', '0 0 30 2 *', 'never comes', 'no such day'],
    ['interval', 'abc', 'whole number of milliseconds', "'abc'"],
    ['interval', '0', 'from 1000', "'0'"],
    ['interval', '-5', 'from 1000', "'-5'"],
    ['interval', '1.5e3', 'whole number', '1.5e3'],
    ['interval', '999', 'from 1000', '3600000 for every hour'],
    ['interval', '999999999999999', '100 years', '999999999999999'],
    ['once', 'not-a-date', 'no time', '2026-11-20T09:00'],
    ['once', '2026-02-30T09:00', 'no time', '2026-02-30'],
    ['once', '2026-13-01T09:00', 'no time', '2026-13'],
    ['once', '2026-11-20T24:00', 'no time', '24:00'],
    ['once', '2026-11-20', 'no time', 'offset'],
    ['once', '1763629200000', 'no time', 'offset'],
  ] as const)('%s "%s"', (kind, value, ...parts) => {
    for (const part of parts) expect(() => timing(kind, value)).toThrow(part);
    expect(() => timing(kind, value)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', details: { field: 'value' } }));
  });

  test.each(['Nowhere/City', '', '+09:00', 'Asia/Seoul; DROP'])('the zone "%s"', (zone) => {
    expect(() => timing('cron', '0 9 * * *', zone)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', details: { field: 'zone' } }));
    expect(() => timing('cron', '0 9 * * *', zone)).toThrow('Asia/Seoul');
  });

  test('whatever is written, it is either read or refused, and never hangs', () => {
    const field = fc.stringMatching(/^[0-9*,/#L-]{1,6}$/);
    fc.assert(
      fc.property(fc.oneof(fc.array(field, { minLength: 5, maxLength: 5 }).map((fields) => fields.join(' ')), fc.string({ maxLength: 40 })), (value) => {
        try {
          const next = nextRun(timing('cron', value, 'Europe/Berlin'), ANCHOR);
          expect(next === null || next > ANCHOR).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INPUT_INVALID' });
        }
      }),
      { numRuns: 500 },
    );
  });
});
