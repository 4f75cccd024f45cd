import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnCli, type CliProcess } from '../support/cli-process.ts';
import { makeCliRig, type CliRig } from '../support/cli-rig.ts';
import { modernRequest, send } from '../support/mcp-raw.ts';

const ROUNDS = 50;
const ROLES = ['FE', 'BE', 'AI', 'Producer'] as const;
const CLIENTS_PER_ROLE = 2;
/** How many confirmed writes of a round the core lives to see, at most. */
const MOST_WRITES = 80;

/** The parts of the answers that the clients use. */
interface ToolResult {
  readonly message_id: number;
  readonly task_id: number;
  readonly task: TaskState;
  readonly fence: number;
  readonly reentrant: boolean;
}
interface TaskState {
  readonly id: number;
  readonly title: string;
  readonly version: number;
  readonly status: string;
}

/** What the core has confirmed; it must never be unsaid. */
class Acknowledged {
  readonly messages = new Map<number, string>();
  readonly tasks = new Map<number, { title: string; version: number; done: boolean }>();
  readonly fences = new Map<string, number>();
  /** Keys of messages whose answer never came, to be sent again. */
  readonly unanswered = new Map<string, string>();
  #writes = 0;
  #blow: { readonly at: number; readonly strike: () => void } | null = null;

  /** Calls `strike` when that many more writes have been confirmed, while others are on their way. */
  strikeAfter(writes: number, strike: () => void): void {
    this.#blow = { at: this.#writes + writes, strike };
  }

  count(): void {
    this.#writes += 1;
    if (this.#blow === null || this.#writes < this.#blow.at) return;
    const { strike } = this.#blow;
    this.#blow = null;
    strike();
  }

  task(task: TaskState): void {
    const known = this.tasks.get(task.id);
    if (known !== undefined && known.version > task.version) return;
    this.tasks.set(task.id, { title: task.title, version: task.version, done: task.status === 'done' });
  }

  fence(resource: string, fence: number): void {
    const last = this.fences.get(resource) ?? 0;
    expect(fence, `fence of ${resource}`).toBeGreaterThan(last);
    this.fences.set(resource, fence);
  }
}

/** Cheap repeatable chance; the moments of the kills still differ from run to run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('kill -9 of a headless core under load', () => {
  let rig: CliRig;
  let core: CliProcess | null = null;
  const tokens: { role: string; token: string; name: string }[] = [];
  const acknowledged = new Acknowledged();
  const random = chance(20_261_120);

  beforeAll(async () => {
    rig = makeCliRig();
    for (const role of ROLES) {
      for (let n = 1; n <= CLIENTS_PER_ROLE; n += 1) {
        const name = `${role}-${n}`;
        await rig.run('agent', 'add', name, '--role', role);
        const { token } = await rig.json<{ token: string }>('session', 'create', '--agent', name, '--print-token');
        tokens.push({ role, token, name });
      }
    }
  });
  afterAll(async () => {
    core?.kill('SIGKILL');
    await core?.ended;
    await rig.close();
  });

  const start = async (): Promise<string> => {
    core = spawnCli(['serve', '--port', '0'], { WAIAAS_DATA_DIR: rig.dataDir });
    const [, url] = await core.prints(/MCP clients: +(http:\S+)/);
    return url!;
  };

  /** One tool call; null when no whole answer came, because the core is dead. */
  const call = async (url: string, token: string, name: string, args: Record<string, unknown>): Promise<ToolResult | null> => {
    const answer = await send(url, token, modernRequest('tools/call', { name, arguments: args })).catch(() => null);
    const result = (answer?.body as { result?: { structuredContent?: ToolResult; isError?: boolean } } | undefined)?.result;
    return result === undefined || result.isError === true ? null : (result.structuredContent ?? null);
  };

  const write: typeof call = async (...args) => {
    const answer = await call(...args);
    if (answer !== null) acknowledged.count();
    return answer;
  };

  /** Writes of every kind until the core does not answer any more. */
  const work = async (url: string, { role, token, name }: (typeof tokens)[number], round: number): Promise<void> => {
    const resource = `resource-${name}`;
    for (let n = 1; ; n += 1) {
      const body = `${name} ${round}/${n} 확인`;
      const key = `${name}-${round}-${n}`;
      acknowledged.unanswered.set(key, body);
      const posted = await write(url, token, 'post_message', { to_role: ROLES[n % ROLES.length]!, body, idempotency_key: key });
      if (posted === null) return;
      acknowledged.unanswered.delete(key);
      acknowledged.messages.set(posted.message_id, body);

      const created = await write(url, token, 'create_task', { title: body, assignee_role: role });
      if (created === null) return;
      acknowledged.task(created.task);
      const claimed = await write(url, token, 'claim_task', { task_id: created.task_id });
      if (claimed === null) return;
      acknowledged.task(claimed.task);
      const updated = await write(url, token, 'update_task', { task_id: created.task_id, status: 'done', note: body });
      if (updated === null) return;
      acknowledged.task(updated.task);

      const acquired = await write(url, token, 'acquire_lock', { resource, ttl_sec: 60 });
      if (acquired === null) return;
      // After a crash the lease of the round before may still be held; renewing it keeps its fence.
      if (!acquired.reentrant) acknowledged.fence(resource, acquired.fence);
      const released = await write(url, token, 'release_lock', { resource });
      if (released === null) return;
    }
  };

  /** What nobody answered is sent again with the same key, as a client does; it must have one effect. */
  const resend = async (url: string): Promise<void> => {
    for (const [key, body] of acknowledged.unanswered) {
      const { token } = tokens.find(({ name }) => key.startsWith(`${name}-`))!;
      const n = Number(key.split('-').at(-1));
      const posted = await call(url, token, 'post_message', { to_role: ROLES[n % ROLES.length]!, body, idempotency_key: key });
      acknowledged.messages.set(posted!.message_id, body);
    }
    acknowledged.unanswered.clear();
  };

  const verify = (): void => {
    const db = new Database(join(rig.dataDir, 'data/wheelhouse.db'), { readonly: true });
    try {
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.pragma('foreign_key_check')).toEqual([]);
      const message = db.prepare('SELECT body FROM messages WHERE id = ?').pluck();
      const lost = [...acknowledged.messages].filter(([id, body]) => message.get(id) !== body);
      expect(lost, 'lost messages').toEqual([]);
      const task = db.prepare('SELECT title, version, status FROM tasks WHERE id = ?');
      const undone = [...acknowledged.tasks].filter(([id, { title, version, done }]) => {
        const row = task.get(id) as { title: string; version: number; status: string } | undefined;
        return row === undefined || row.title !== title || row.version < version || (done && row.status !== 'done');
      });
      expect(undone, 'lost changes of tasks').toEqual([]);
      const fence = db.prepare('SELECT fence FROM lock_fences WHERE resource = ?').pluck();
      const decreased = [...acknowledged.fences].filter(([resource, last]) => ((fence.get(resource) as number | undefined) ?? 0) < last);
      expect(decreased, 'fences that went back').toEqual([]);
      const twice = db.prepare('SELECT body FROM messages GROUP BY body HAVING count(*) > 1').pluck().all();
      expect(twice, 'messages that were stored twice').toEqual([]);
      const unlogged = db.prepare("SELECT count(*) FROM messages m WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.subject = 'message:' || m.id AND e.action = 'posted')").pluck().get();
      expect(unlogged, 'messages without their line in the log').toBe(0);
    } finally {
      db.close();
    }
  };

  it(`loses nothing that was acknowledged in ${ROUNDS} kills`, async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const url = await start();
      await resend(url);
      acknowledged.strikeAfter(1 + Math.floor(random() * MOST_WRITES), () => core!.kill('SIGKILL'));
      const working = Promise.all(tokens.map(async (client) => work(url, client, round)));
      expect(await core!.ended).toBe('SIGKILL');
      await working;
      verify();
    }
    const url = await start();
    await resend(url);
    core!.kill('SIGTERM');
    expect(await core!.ended).toBe(0);
    verify();
  });
});
