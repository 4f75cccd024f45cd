import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 20_000;
const INTERVAL_MS = 20;

/** Asks until there is an answer other than null; throws with `what` was waited for. */
export async function poll<T>(what: string, ask: () => Promise<T | null> | T | null): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain for ${what}.`);
    await wait(INTERVAL_MS);
  }
}
