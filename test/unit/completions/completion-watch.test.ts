import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CompletionWatch } from '../../../main/completions/completion-watch.ts';
import type { ListenToFolder } from '../../../main/completions/folder-events.ts';
import { makeCompletions } from '../../support/completions-rig.ts';

const MINUTES = 60_000;

let room: ReturnType<typeof makeCompletions>;
let watch: CompletionWatch;
let reports: string[];
/** Notices that a channel has taken. */
let delivered: Set<number>;
beforeEach(() => {
  room = makeCompletions();
  reports = [];
  delivered = new Set();
});
afterEach(async () => {
  await watch.stop();
  room.close();
});

/** A network folder: it tells of nothing. */
const silent: ListenToFolder = async () => async () => undefined;

async function start(listen: ListenToFolder = silent): Promise<void> {
  watch = new CompletionWatch({
    store: room.store,
    clock: room.clock,
    guard: room.guard,
    completions: room.completions,
    refusedFiles: room.refusedFiles,
    folders: [room.folder],
    listen,
    rescanSec: 30,
    maxBytes: 65_536,
    reportOf: async () => null,
    onLook: () => undefined,
    deliveredAmong: (ids) => ids.filter((id) => delivered.has(id)),
    report: (what, error) => reports.push(`${what}: ${(error as Error).message}`),
  });
  room.store.onCommit((events) => watch.heard(events));
  watch.start();
  // Joins the look of the start; rejected while the kill switch is on, which is no failure.
  await watch.rescan();
}

const tasks = (): readonly string[] => room.completions.list().map(({ task }) => task);

describe('a folder without events', () => {
  test('is looked through every thirty seconds', async () => {
    await start();
    room.drop('task-1');
    room.clock.advance(29_999);
    expect(tasks()).toEqual([]);
    room.clock.advance(1);
    await expect.poll(tasks).toEqual(['task-1']);
    room.drop('task-2');
    room.clock.advance(30_000);
    await expect.poll(tasks).toEqual(['task-2', 'task-1']);
  });

  test('is looked through after the machine slept', async () => {
    await start();
    room.drop('task-1');
    watch.resume();
    await expect.poll(tasks).toEqual(['task-1']);
  });

  test('is looked through when the kill switch is lifted, and not before', async () => {
    room.lock();
    await start();
    room.drop('task-1');
    room.clock.advance(5 * MINUTES);
    await watch.rescan();
    expect(tasks()).toEqual([]);
    room.unlock();
    room.store.transact((tx) => tx.event({ kind: 'kill_switch', action: 'recovered', text: 'lifted' }));
    await expect.poll(tasks).toEqual(['task-1']);
  });

  test('costs no timer faster than its rescan while nothing is due', async () => {
    await start();
    expect(room.clock.timers).toBe(1);
  });
});

test('a look that events ask for takes only what they name', async () => {
  let changed: (names: readonly string[] | null) => void = () => undefined;
  await start(async (_, listener) => {
    changed = listener.changed;
    return async () => undefined;
  });
  room.drop('task-1');
  room.drop('task-2');
  changed(['task-2.done']);
  await expect.poll(tasks).toEqual(['task-2']);
  changed(null);
  await expect.poll(() => tasks().toSorted()).toEqual(['task-1', 'task-2']);
});

test('what cannot be watched is reported, and looked through all the same', async () => {
  await start(async () => {
    throw new Error('the system has no watches left');
  });
  expect(reports).toEqual([expect.stringContaining('no watches left')]);
  room.drop('task-1');
  room.clock.advance(30_000);
  await expect.poll(tasks).toEqual(['task-1']);
});

test('a half-written body is looked at again soon, without an event', async () => {
  await start();
  room.drop('task-1', '{"summary":"half');
  await watch.look(room.folder, 'task-1');
  expect(tasks()).toEqual([]);
  writeFileSync(join(room.folder, 'task-1.done'), '{"summary":"whole"}');
  room.clock.advance(500);
  await expect.poll(() => room.completions.list()).toMatchObject([{ summary: 'whole' }]);
});

describe('what follows by itself', () => {
  test('marker files, the escalation, and the archive, each at its time', async () => {
    await start();
    room.drop('task-1');
    await watch.look(room.folder, 'task-1');
    delivered.add(1);
    room.store.transact((tx) => tx.event({ kind: 'notification', action: 'delivered', text: 'told', data: { ids: [1] } }));
    await expect.poll(() => room.files()).toEqual(['task-1.done', 'task-1.done.notified']);
    room.clock.advance(30 * MINUTES);
    await expect.poll(() => room.files()).toEqual(['task-1.done', 'task-1.done.escalated', 'task-1.done.notified']);
    expect(room.notices().map(({ type }) => type)).toEqual(['COMPLETION_DONE', 'COMPLETION_ESCALATED']);
    room.completions.ack(1, 'person');
    await expect.poll(() => room.files()).toContain('task-1.done.acked');
    room.clock.advance(24 * 60 * MINUTES);
    await expect.poll(() => room.completions.get(1).state).toBe('archived');
    expect(room.files()).toEqual(['archive/task-1.done', 'archive/task-1.done.acked', 'archive/task-1.done.escalated', 'archive/task-1.done.notified']);
  });

  test('what was delivered while nobody listened is noted at the next rescan', async () => {
    await start();
    room.drop('task-1');
    await watch.look(room.folder, 'task-1');
    delivered.add(1);
    room.clock.advance(30_000);
    await expect.poll(() => room.completions.get(1).state).toBe('notified');
  });

  test('the archive waits for a folder that is away', async () => {
    await start();
    room.drop('task-1');
    await watch.look(room.folder, 'task-1');
    room.completions.ack(1, 'person');
    await expect.poll(() => room.files()).toContain('task-1.done.acked');
    const away = `${room.folder}-away`;
    renameSync(room.folder, away);
    room.clock.advance(30_000);
    await expect.poll(() => watch.states()).toEqual([{ path: room.folder, state: 'missing' }]);
    room.clock.advance(24 * 60 * MINUTES);
    await watch.rescan();
    expect(room.completions.get(1).state).toBe('acked');
    renameSync(away, room.folder);
    await expect
      .poll(() => {
        room.clock.advance(1 * MINUTES);
        return room.completions.get(1).state;
      })
      .toBe('archived');
    expect(room.log()).toContain('folder_missing');
    expect(room.log()).toContain('folder_watched');
  });
});

describe('a full disk', () => {
  test('while it lasts nothing is taken in half, and it is tried again', async () => {
    await start();
    const pages = room.store.db.pragma('page_count', { simple: true }) as number;
    room.store.db.pragma(`max_page_count = ${pages}`);
    for (let n = 0; n < 200; n += 1) room.drop(`task-${n}`, 'x'.repeat(2000));
    await expect(watch.look(room.folder, 'task-0').then(async () => watch.rescan())).resolves.toBeUndefined();
    await expect.poll(() => reports).toEqual([expect.stringContaining('full')]);
    const { completions, notices } = room.store.db
      .prepare("SELECT (SELECT count(*) FROM completions) AS completions, (SELECT count(*) FROM notices) AS notices")
      .get() as { completions: number; notices: number };
    expect(completions).toBeLessThan(200);
    expect(notices).toBe(completions);
    room.store.db.pragma('max_page_count = 1000000');
    room.clock.advance(30_000);
    await expect.poll(() => room.completions.list({ limit: 500 }).length).toBe(200);
    expect(room.notices()).toHaveLength(200);
  });
});

test('temporary files of killed writers are removed at the start, young ones stay', async () => {
  const old = join(room.folder, '.task-1.done.12.0a1b2c3d.tmp');
  const young = join(room.folder, '.task-2.done.12.0a1b2c3d.tmp');
  writeFileSync(old, '');
  writeFileSync(young, '');
  utimesSync(old, 1000, 1000);
  await start();
  await expect.poll(() => room.files()).toEqual(['.task-2.done.12.0a1b2c3d.tmp']);
});

test('a look at a folder that nobody watches is refused', async () => {
  await start();
  await expect(watch.look('/elsewhere', 'task-1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  rmSync(room.folder, { recursive: true });
  mkdirSync(room.folder);
});
