/** The present, for relative times and countdowns: one timer per interval for the whole window. */
export interface Ticker {
  /** Hears every beat of the interval until the returned function is called. */
  subscribe(intervalMs: number, listener: () => void): () => void;
  /** The time of the last beat of that interval, so that everything on screen agrees. */
  now(intervalMs: number): number;
}

interface Beat {
  at: number;
  readonly listeners: Set<() => void>;
  stop: (() => void) | null;
}

/** `every` starts a repeating timer and returns what stops it. Nothing runs while nobody listens. */
export function createTicker(clock: () => number, every: (intervalMs: number, run: () => void) => () => void): Ticker {
  const beats = new Map<number, Beat>();
  const beatOf = (intervalMs: number): Beat => {
    let beat = beats.get(intervalMs);
    if (beat === undefined) {
      beat = { at: clock(), listeners: new Set(), stop: null };
      beats.set(intervalMs, beat);
    }
    return beat;
  };
  return {
    subscribe(intervalMs, listener) {
      const beat = beatOf(intervalMs);
      beat.listeners.add(listener);
      if (beat.stop === null) {
        beat.at = clock();
        beat.stop = every(intervalMs, () => {
          beat.at = clock();
          for (const hear of beat.listeners) hear();
        });
      }
      return () => {
        beat.listeners.delete(listener);
        if (beat.listeners.size > 0) return;
        beat.stop?.();
        beat.stop = null;
      };
    },
    now: (intervalMs) => beatOf(intervalMs).at,
  };
}
