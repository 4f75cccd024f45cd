import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../main/base/clock.ts';
import { makeTempStore } from '../../support/temp-store.ts';

const PROGRAM = join(import.meta.dirname, '../../support/bus-process.ts');
const WRITERS = 8;
const EACH = 500;

function start(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  return child;
}

/** The lines that a process reports, as values; the process must end well. */
async function linesOf<T>(child: ChildProcess, onFirst: () => void = () => {}): Promise<T[]> {
  const lines: T[] = [];
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout! })) {
    lines.push(JSON.parse(line) as T);
    if (lines.length === 1) onFirst();
  }
  expect((await ended)[0]).toBe(0);
  return lines;
}

test('eight processes post while two follow the cursor: nothing is lost, nothing comes twice', async () => {
  const temp = makeTempStore(systemClock);
  onTestFinished(() => temp.close());

  const followers = ['BE-1', 'BE-2'].map((who) => {
    const child = start('follow', temp.file, who);
    let onReady: () => void;
    const ready = new Promise<void>((resolve) => (onReady = resolve));
    return { child, ready, lines: linesOf<{ seen: [number, string][] }>(child, () => onReady()) };
  });
  await Promise.all(followers.map((follower) => follower.ready));

  const writers = Array.from({ length: WRITERS }, (_, n) => linesOf<{ ids: number[] }>(start('write', temp.file, `w${n}`, String(EACH))));
  const acknowledged = (await Promise.all(writers)).map(([line]) => line!.ids);
  for (const { child } of followers) child.stdin!.end();

  const all = acknowledged.flat().toSorted((a, b) => a - b);
  expect(new Set(all).size).toBe(WRITERS * EACH);
  for (const ids of acknowledged) expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  for (const { lines } of followers) {
    const { seen } = (await lines).at(-1)!;
    expect(seen.map(([id]) => id)).toEqual(all);
    for (const [who, ids] of acknowledged.entries()) {
      expect(seen.filter(([, body]) => body.startsWith(`w${who} `))).toEqual(ids.map((id, n) => [id, `w${who} ${n}`]));
    }
  }
  const { db } = temp.store;
  expect(db.prepare("SELECT count(*) FROM events WHERE action = 'posted'").pluck().get()).toBe(WRITERS * EACH);
  expect(db.prepare('SELECT count(*) FROM messages WHERE delivered_at IS NULL').pluck().get()).toBe(0);
  const delivered = db.prepare("SELECT value FROM events, json_each(events.data, '$.ids') WHERE action = 'delivered'").pluck().all() as number[];
  expect(delivered.toSorted((a, b) => a - b)).toEqual(all);
});
