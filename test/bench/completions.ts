import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock, type Clock } from '../../main/base/clock.ts';
import type { Transport } from '../../main/notify/transports/transport.ts';
import { openLife, toTelegram } from '../support/completion-life.ts';
import { startTelegramApi } from '../support/telegram-api.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { percentile } from './statistics.ts';

export interface CompletionFigures {
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** One flush of a small write to the same disk, between the samples: a completion waits for three. */
  readonly flush: { readonly p50Ms: number; readonly p99Ms: number };
  readonly flood: {
    readonly files: number;
    /** Until every one is stored with its notice. */
    readonly storedMs: number;
    readonly lost: number;
    readonly twice: number;
    readonly messages: number;
    /** The most messages in any second, and in any minute, of the time that the service sees. */
    readonly mostPerSecond: number;
    readonly mostPerMinute: number;
  };
}

/** Later than the window in which notices are joined into a list, and than every limit of the service. */
const APART_MS = 61_000;
const FLOOD = 5000;
/** A message is noted up to so long after its place in the limits was taken. */
const NOTED_MS = 100;
/** The longest pause between two completions, so that they fall anywhere in the turns of the loop. */
const LONGEST_PAUSE_MS = 40;

/**
 * From the rename of a `.done` file to its notice being handed to the transport, watched by the system's events, with full
 * durability. Between two of them wall time is moved on, so that none waits for the limits of the service. Then 5,000 at
 * once, for which wall time runs a hundred times as fast.
 */
export async function benchCompletions(samples: number): Promise<CompletionFigures> {
  const dir = makeTempDir('wheelhouse-bench-');
  for (const folder of ['data', 'events', 'made']) mkdirSync(join(dir.path, folder));
  const api = await startTelegramApi();
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
  const handed = recorded(toTelegram(api.apiRoot), clock);
  const life = openLife({ dataDir: dir.path, transport: handed.transport, clock, durability: 'full' });
  const drop = (task: string): void => {
    writeFileSync(join(dir.path, 'made', task), '{"summary":"finished","team":"dev1"}');
    renameSync(join(dir.path, 'made', task), join(dir.path, 'events', `${task}.done`));
  };
  try {
    life.start();
    // The folder is watched once something in it was noticed.
    for (let n = 0; handed.at.length === 0; n += 1) {
      drop(`first-${n}`);
      await pause(200);
    }
    const latencies: number[] = [];
    const flushes: number[] = [];
    for (let n = 0; n < samples; n += 1) {
      await settled(life);
      ahead += APART_MS;
      const next = handed.next();
      const began = performance.now();
      drop(`task-${n}`);
      latencies.push((await next).mono - began);
      flushes.push(flushMs(join(dir.path, 'flush')));
      await pause((n * 7) % LONGEST_PAUSE_MS);
    }
    await settled(life);
    ahead += APART_MS;
    const flood = await benchFlood(life, drop, handed.at, async () => {
      ahead += 1000;
      life.dispatcher.check();
      await pause(10);
    });
    return { samples, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99), flush: { p50Ms: percentile(flushes, 0.5), p99Ms: percentile(flushes, 0.99) }, flood: { ...flood, ...repeatsOf(api.messages.map(({ text }) => text)) } };
  } finally {
    await life.stop();
    await api.close();
    dir.remove();
  }
}

function flushMs(file: string): number {
  const handle = openSync(file, 'w');
  writeSync(handle, 'x'.repeat(4096));
  const began = performance.now();
  fsyncSync(handle);
  const ms = performance.now() - began;
  closeSync(handle);
  return ms;
}

interface Handed {
  /** `performance.now()`. */
  readonly mono: number;
  /** Wall time as the dispatcher sees it. */
  readonly wall: number;
}

function recorded(real: Transport, clock: Clock): { readonly transport: Transport; readonly at: readonly Handed[]; readonly next: () => Promise<Handed> } {
  const at: Handed[] = [];
  let tell: (handed: Handed) => void = () => undefined;
  const send: Transport['send'] = async (items) => {
    const handed = { mono: performance.now(), wall: clock.now() };
    at.push(handed);
    tell(handed);
    return real.send(items);
  };
  const transport: Transport = { channel: real.channel, target: real.target, limits: real.limits, unavailable: () => real.unavailable(), capacity: (items) => real.capacity(items), send, check: async () => real.check() };
  const next = async (): Promise<Handed> =>
    new Promise((resolve) => {
      tell = resolve;
    });
  return { transport, at, next };
}

type Life = ReturnType<typeof openLife>;

/** Waits until everything that is known was told. */
async function settled({ completions }: Life): Promise<void> {
  while (completions.list({ which: 'pending', limit: 1 }).length > 0) await pause(10);
}

async function benchFlood(life: Life, drop: (task: string) => void, handed: readonly Handed[], passSecond: () => Promise<void>) {
  const first = handed.length;
  const began = performance.now();
  for (let n = 0; n < FLOOD; n += 1) drop(`flood-${n}`);
  const stored = life.store.db.prepare("SELECT COUNT(*) FROM completions WHERE task LIKE 'flood-%'").pluck();
  while ((stored.get() as number) < FLOOD) await pause(20);
  const storedMs = performance.now() - began;
  const waiting = life.store.db.prepare("SELECT COUNT(*) FROM completions WHERE notified_at IS NULL").pluck();
  while ((waiting.get() as number) > 0) await passSecond();
  const walls = handed.slice(first).map(({ wall }) => wall);
  const within = (ms: number): number => Math.max(...walls.map((from) => walls.filter((wall) => wall >= from && wall < from + ms).length));
  return { files: FLOOD, storedMs, messages: walls.length, mostPerSecond: within(1000 - NOTED_MS), mostPerMinute: within(60_000 - NOTED_MS) };
}

/** By what the person reads. */
function repeatsOf(texts: readonly string[]): { readonly lost: number; readonly twice: number } {
  const told = texts.flatMap((text) => [...text.matchAll(/(flood-\d+) done/g)].map(([, task]) => task!));
  return { lost: FLOOD - new Set(told).size, twice: told.length - new Set(told).size };
}
