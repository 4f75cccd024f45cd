import { describe, expect, it } from 'vitest';
import { createTicker } from '../../../renderer/state/ticker.ts';

function rig() {
  let now = 0;
  const timers = new Set<{ readonly intervalMs: number; readonly run: () => void }>();
  const ticker = createTicker(
    () => now,
    (intervalMs, run) => {
      const timer = { intervalMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  );
  return {
    ticker,
    timers,
    beat: (at: number): void => {
      now = at;
      for (const { run } of timers) run();
    },
  };
}

describe('the ticker', () => {
  it('runs one timer per interval, and none while nobody listens', () => {
    const { ticker, timers } = rig();
    const stops = [ticker.subscribe(1_000, () => undefined), ticker.subscribe(1_000, () => undefined), ticker.subscribe(5_000, () => undefined)];
    expect([...timers].map(({ intervalMs }) => intervalMs)).toEqual([1_000, 5_000]);
    for (const stop of stops) stop();
    expect(timers.size).toBe(0);
  });

  it('shows everybody the same present, which changes with the beat only', () => {
    const { ticker, beat } = rig();
    const seen: number[] = [];
    ticker.subscribe(1_000, () => seen.push(ticker.now(1_000)));
    expect(ticker.now(1_000)).toBe(0);
    beat(1_000);
    beat(2_000);
    expect(seen).toEqual([1_000, 2_000]);
  });

  it('knows the present again when somebody listens after a pause', () => {
    const { ticker, beat } = rig();
    ticker.subscribe(1_000, () => undefined)();
    beat(9_000);
    ticker.subscribe(1_000, () => undefined);
    expect(ticker.now(1_000)).toBe(9_000);
  });
});
