import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { dueSlots, MISSED_AFTER_MS, MOST_COUNTED, MOST_MADE_UP } from '../../../main/schedule/due-slots.ts';
import { nextRun } from '../../../main/schedule/next-run.ts';
import { parseTiming } from '../../../main/schedule/timing.ts';
import { MISSED_POLICIES } from '../../../main/schedule/types.ts';

const at = (text: string): number => Date.parse(`2026-11-20T${text}Z`);
const hourly = parseTiming({ kind: 'cron', value: '0 * * * *', zone: 'UTC' }, 0);
const short = ({ dueAt, ...rest }: { readonly dueAt: number; readonly slots: number; readonly missed: boolean; readonly run: boolean }) => ({ at: new Date(dueAt).toISOString().slice(11, 16), ...rest });

describe('a due time that comes while the program runs', () => {
  test.each(MISSED_POLICIES)('runs once and is not missed, whatever the policy (%s)', (policy) => {
    const { slots, next } = dueSlots(hourly, at('10:00'), at('10:00:00.150'), policy);
    expect(slots.map(short)).toEqual([{ at: '10:00', slots: 1, missed: false, run: true }]);
    expect(next).toBe(at('11:00'));
  });
});

describe('due times that passed while nothing could run', () => {
  test('latest: one run stands for all of them', () => {
    const { slots, next } = dueSlots(hourly, at('10:00'), at('13:20'), 'latest');
    expect(slots.map(short)).toEqual([{ at: '13:00', slots: 4, missed: true, run: true }]);
    expect(next).toBe(at('14:00'));
  });

  test('all: each of them is made up for, in order', () => {
    const { slots } = dueSlots(hourly, at('10:00'), at('12:20'), 'all');
    expect(slots.map(short)).toEqual(['10:00', '11:00', '12:00'].map((time) => ({ at: time, slots: 1, missed: true, run: true })));
  });

  test('all: up to 24, the latest ones; those before are written down as gone', () => {
    const { slots } = dueSlots(hourly, at('10:00') - 30 * 3_600_000, at('10:20'), 'all');
    expect(slots).toHaveLength(MOST_MADE_UP + 1);
    expect(slots[0]).toMatchObject({ slots: 7, run: false, missed: true });
    expect(slots.slice(1).every(({ run }) => run)).toBe(true);
    expect(slots.at(-1)!.dueAt).toBe(at('10:00'));
  });

  test('skip: none is made up for, and it is written down once', () => {
    const { slots } = dueSlots(hourly, at('10:00'), at('12:20'), 'skip');
    expect(slots.map(short)).toEqual([{ at: '12:00', slots: 3, missed: true, run: false }]);
  });

  test('skip: a due time within the last minute still runs', () => {
    const { slots } = dueSlots(hourly, at('10:00'), at('12:00') + MISSED_AFTER_MS, 'skip');
    expect(slots.map(short)).toEqual([
      { at: '11:00', slots: 2, missed: true, run: false },
      { at: '12:00', slots: 1, missed: false, run: true },
    ]);
  });

  test('once: late is late, but it runs unless it is to be skipped', () => {
    const once = parseTiming({ kind: 'once', value: '2026-11-20T10:00', zone: 'UTC' }, 0);
    expect(dueSlots(once, at('10:00'), at('18:00'), 'latest')).toEqual({ slots: [{ dueAt: at('10:00'), slots: 1, missed: true, run: true }], next: null });
    expect(dueSlots(once, at('10:00'), at('18:00'), 'skip')).toEqual({ slots: [{ dueAt: at('10:00'), slots: 1, missed: true, run: false }], next: null });
  });

  test('a year of minutes costs no more than a day of them', () => {
    const minutely = parseTiming({ kind: 'cron', value: '* * * * *', zone: 'Asia/Seoul' }, 0);
    const asked = { times: 0 };
    const counting = { ...minutely, line: { nextRun: (after: Date) => ((asked.times += 1), (minutely as Extract<typeof minutely, { kind: 'cron' }>).line.nextRun(after)) } } as unknown as typeof minutely;
    const { slots } = dueSlots(counting, at('10:00') - 365 * 86_400_000, at('10:00'), 'latest');
    expect(slots[0]).toMatchObject({ slots: MOST_COUNTED, dueAt: at('10:00') });
    expect(asked.times).toBeLessThan(1000);
  });

  test('a due time that the rules do not know any more still counts', () => {
    expect(dueSlots(hourly, at('10:17'), at('10:18'), 'latest')).toEqual({ slots: [{ dueAt: at('10:17'), slots: 1, missed: false, run: true }], next: at('11:00') });
  });
});

test('every due time is dealt with exactly once, however often the machine sleeps', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 7_200_000 }), fc.constantFrom(...MISSED_POLICIES), fc.array(fc.integer({ min: 1, max: 20_000_000 }), { maxLength: 12 }), (every, policy, pauses) => {
      const timing = parseTiming({ kind: 'interval', value: String(every), zone: 'UTC' }, 0);
      let now = 0;
      let due = nextRun(timing, now)!;
      let counted = 0;
      let bounded = false;
      const runs: number[] = [];
      for (const pause of pauses) {
        now += pause;
        if (due > now) continue;
        const { slots, next } = dueSlots(timing, due, now, policy);
        counted += slots.reduce((sum, slot) => sum + slot.slots, 0);
        bounded ||= Math.floor(now / every) * every - due >= (MOST_COUNTED - 1) * every;
        runs.push(...slots.filter(({ run }) => run).map(({ dueAt }) => dueAt));
        due = next!;
      }
      if (!bounded) expect(counted).toBe(Math.round(due / every) - 1);
      expect(runs.every((time) => time % every === 0 && time <= now)).toBe(true);
      expect(runs).toEqual([...new Set(runs)].sort((a, b) => a - b));
      expect(due).toBeGreaterThan(now);
    }),
  );
});
