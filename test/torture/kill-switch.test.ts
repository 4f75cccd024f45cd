import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localKeyFile } from '../../main/server/local-key.ts';
import { adminOf } from '../support/admin-http.ts';
import { spawnCli, type CliProcess } from '../support/cli-process.ts';
import { makeCliRig, type CliRig } from '../support/cli-rig.ts';
import { modernRequest, send } from '../support/mcp-raw.ts';

const ROUNDS = 12;
const AGENTS = 4;

describe('kill -9 of a headless core while its kill switch is pulled', () => {
  let rig: CliRig;
  let core: CliProcess | null = null;
  const names = Array.from({ length: AGENTS }, (_, n) => `agent-${n}`);

  beforeAll(async () => {
    rig = makeCliRig();
    for (const name of names) await rig.run('agent', 'add', name, '--role', 'FE');
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
  const kill = async (): Promise<void> => {
    core!.kill('SIGKILL');
    await core!.ended;
  };
  const inDatabase = <T>(use: (db: Database.Database) => T): T => {
    const db = new Database(join(rig.dataDir, 'data/wheelhouse.db'));
    try {
      return use(db);
    } finally {
      db.close();
    }
  };
  const look = () =>
    inDatabase((db) => ({
      state: db.prepare("SELECT value FROM system_state WHERE key = 'kill_switch_status'").pluck().get(),
      live: db.prepare('SELECT count(*) FROM sessions WHERE revoked_at IS NULL').pluck().get(),
      unended: db.prepare('SELECT count(*) FROM sessions WHERE revoked_at IS NOT NULL AND ended_at IS NULL').pluck().get(),
      active: db.prepare("SELECT count(*) FROM agents WHERE status = 'active'").pluck().get(),
      leases: db.prepare('SELECT count(*) FROM leases').pluck().get(),
      followUp: db.prepare("SELECT count(*) FROM system_state WHERE key = 'kill_switch_follow_up'").pluck().get(),
    }));
  /** Puts the database back to where every agent may act, as after a recovery long ago. */
  const reset = (): void =>
    inDatabase((db) => {
      db.exec(`UPDATE system_state SET value = '"NORMAL"' WHERE key = 'kill_switch_status'; UPDATE agents SET status = 'active', status_reason = NULL; DELETE FROM sessions; DELETE FROM leases`);
    });

  it(`leaves all or nothing behind in ${ROUNDS} kills, and the next start finishes it`, async () => {
    let answerMs = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      reset();
      const tokens = await Promise.all(names.map(async (name) => (await rig.json<{ token: string }>('session', 'create', '--agent', name, '--print-token')).token));
      const url = await start();
      for (const [n, token] of tokens.entries()) {
        const locked = await send(url, token, modernRequest('tools/call', { name: 'acquire_lock', arguments: { resource: `resource-${n}` } }));
        expect(locked.status).toBe(200);
      }
      const { post, asPerson } = adminOf({ url: new URL(url).origin, localKey: readFileSync(localKeyFile(rig.dataDir), 'utf8') });
      const pulled = post('/v1/admin/kill-switch', { headers: asPerson, body: { reason: 'drill' } }).then(
        ({ status }) => status,
        () => null,
      );
      // The first answer shows how long it takes; after it, the blow falls earlier and earlier.
      const began = performance.now();
      if (round === 0) await pulled;
      else await sleep(answerMs * (1 - round / ROUNDS));
      answerMs = Math.max(answerMs, performance.now() - began);
      await kill();
      const answered = await pulled;
      if (round === 0) expect(answered).toBe(200);

      const after = look();
      if (after.state === '"NORMAL"') {
        expect({ ...after, answered }).toMatchObject({ live: AGENTS, active: AGENTS, leases: AGENTS, followUp: 0, answered: null });
        continue;
      }
      expect(after).toMatchObject({ state: '"ACTIVATED"', live: 0, active: 0 });
      await start();
      await expect.poll(look).toMatchObject({ state: '"ACTIVATED"', live: 0, unended: 0, active: 0, leases: 0, followUp: 0 });
      await kill();
    }
  });
});
