import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Agents } from '../../../main/access/agents.ts';
import { createGuard } from '../../../main/access/guard.ts';
import { systemClock } from '../../../main/base/clock.ts';
import { openStore } from '../../../main/store/open.ts';
import type { Store } from '../../../main/store/store.ts';
import { startLineProcess } from '../../support/line-process.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const PROGRAM = join(import.meta.dirname, '../../support/kill-switch-process.ts');
const STOPS = ['containers', 'schedule', 'channels'];
const ANNOUNCED = 'announce KILL_SWITCH_ACTIVATED';

let dir: ReturnType<typeof makeTempDir>;
let file: string;
beforeEach(() => {
  dir = makeTempDir();
  file = join(dir.path, 'wheelhouse.db');
  withStore((store) => {
    new Agents({ store, guard: createGuard(store), assertRole: () => undefined }).add({ name: 'alice', role: 'FE' });
    store.db.exec("INSERT INTO sessions (id, agent_id, token_hash, created_at) SELECT 's1', id, 'h1', 1 FROM agents");
  });
});
afterEach(() => dir.remove());

function withStore<T>(use: (store: Store) => T): T {
  const store = openStore({ file, durability: 'full', clock: systemClock, onListenerError: () => undefined });
  try {
    return use(store);
  } finally {
    store.close();
  }
}

/** What is in the file now; `pending` is what the next start has to do. */
function look() {
  return withStore((store) => {
    const followUp = store.db.prepare("SELECT value FROM system_state WHERE key = 'kill_switch_follow_up'").pluck().get() as string | undefined;
    const { steps = [], notices = [] } = JSON.parse(followUp ?? '{}') as { readonly steps?: string[]; readonly notices?: { readonly type: string }[] };
    return {
      state: createGuard(store).state(),
      live: store.db.prepare('SELECT count(*) FROM sessions WHERE revoked_at IS NULL').pluck().get(),
      agents: store.db.prepare('SELECT status FROM agents').pluck().all(),
      activations: store.db.prepare("SELECT count(*) FROM events WHERE kind = 'kill_switch' AND action = 'activated'").pluck().get(),
      pending: [...steps, ...notices.map(({ type }) => `announce ${type}`)],
    };
  });
}

/** Runs until it stands still at `hang` with nothing but `pending` left to do, and kills it without warning. */
async function runAndKill(mode: 'pull' | 'start', hang: string, pending: readonly string[]): Promise<void> {
  const child = startLineProcess(PROGRAM, [mode, file, hang]);
  if (mode === 'pull') expect(await child.next()).toEqual({ point: 'cancel' });
  await expect.poll(() => look().pending).toEqual(pending);
  await child.kill();
}

/** Runs to its end; the points in between. */
async function run(mode: 'pull' | 'start'): Promise<string[]> {
  const child = startLineProcess(PROGRAM, [mode, file]);
  const points: string[] = [];
  for (let point = ''; point !== 'end'; ) points.push((point = String((await child.next())['point'])));
  await child.end();
  return points.slice(0, -1);
}

const PULLED = { state: 'ACTIVATED', live: 0, agents: ['suspended'], activations: 1 };
const FINISHED = { ...PULLED, pending: [] };

describe('kill -9 while the kill switch is pulled', () => {
  test('inside the transaction: nothing has happened, and it can be pulled again', async () => {
    await runAndKill('pull', 'cancel', []);
    expect(look()).toEqual({ state: 'NORMAL', live: 1, agents: ['active'], activations: 0, pending: [] });
    expect(await run('start')).toEqual([]);
    expect((await run('pull')).toSorted()).toEqual([ANNOUNCED, 'answered', 'cancel', ...STOPS].toSorted());
    expect(look()).toEqual(FINISHED);
  });

  test.each(STOPS)('while "%s" is being stopped: it is on, the rest is stopped, and the next start does that and announces it', async (hanging) => {
    await runAndKill('pull', hanging, [hanging, ANNOUNCED]);
    expect(look()).toMatchObject(PULLED);
    expect(await run('start')).toEqual([hanging, ANNOUNCED]);
    expect(look()).toEqual(FINISHED);
    expect(await run('start')).toEqual([]);
  });

  test('while it is being announced: the next start announces it', async () => {
    await runAndKill('pull', ANNOUNCED, [ANNOUNCED]);
    expect(look()).toMatchObject(PULLED);
    expect(await run('start')).toEqual([ANNOUNCED]);
    expect(look()).toEqual(FINISHED);
  });

  test('and again while the next starts finish it', async () => {
    await runAndKill('pull', 'containers', ['containers', ANNOUNCED]);
    await runAndKill('start', 'containers', ['containers', ANNOUNCED]);
    await runAndKill('start', ANNOUNCED, [ANNOUNCED]);
    expect(look()).toMatchObject(PULLED);
    expect(await run('start')).toEqual([ANNOUNCED]);
    expect(look()).toEqual(FINISHED);
  });
});
