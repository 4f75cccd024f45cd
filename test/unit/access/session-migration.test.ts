import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createGuard } from '../../../main/access/guard.ts';
import { SessionRenewal } from '../../../main/access/session-renewal.ts';
import { signToken, tokenHash } from '../../../main/access/session-tokens.ts';
import { Sessions } from '../../../main/access/sessions.ts';
import { SigningKeys } from '../../../main/access/signing-keys.ts';
import { MIGRATIONS } from '../../../main/store/migrations.ts';
import { openStore } from '../../../main/store/open.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

test('a session of before the step that brought renewals goes on, and can be renewed by the rules of new ones', async () => {
  const dir = makeTempDir();
  const file = join(dir.path, 'wheelhouse.db');
  const clock = new FakeClock(Date.UTC(2026, 10, 20, 9, 0, 0, 250));
  const steps = MIGRATIONS.findIndex(({ name }) => name === 'sessions that renew');
  const expiresAt = Date.UTC(2026, 10, 20, 10, 0, 0);
  const key = { id: 'key-1', secret: randomBytes(32) };
  const token = await signToken(key, { sessionId: 's-1', agentId: 'a-1', issuedAt: clock.now(), expiresAt });
  const old = new Database(file);
  for (const { sql } of MIGRATIONS.slice(0, steps)) old.exec(sql);
  old.pragma(`user_version = ${steps}`);
  old.prepare("INSERT INTO agents (id, name, role, created_at) VALUES ('a-1', 'alice', 'FE', 1)").run();
  old.prepare("INSERT INTO signing_keys (id, secret, created_at) VALUES ('key-1', ?, 1)").run(key.secret.toString('hex'));
  old.prepare("INSERT INTO sessions (id, agent_id, token_hash, created_at, expires_at) VALUES ('s-1', 'a-1', ?, ?, ?)").run(tokenHash(token), clock.now(), expiresAt);
  old.close();

  const rethrow = (error: unknown): never => {
    throw error;
  };
  const store = openStore({ file, durability: 'normal', clock, onListenerError: rethrow });
  const keys = new SigningKeys(store);
  const guard = createGuard(store);
  const policy = { ttlSec: 604_800, maxRenewals: 30, absoluteLifetimeSec: 2_592_000, rejectWindowSec: 3600, maxPerAgent: 5 };
  const sessions = new Sessions({ store, clock, keys, policy, guard, onSessionEnded: async () => undefined });
  expect(sessions.get('s-1')).toMatchObject({ ttlSec: 3600, renewalCount: 0, maxRenewals: 30, rejectWindowSec: 3600, absoluteExpiresAt: clock.now() + 2_592_000_000, state: 'live' });
  expect(await sessions.verify(token)).toMatchObject({ sessionId: 's-1' });
  clock.advance(2_160_000);
  const renewal = new SessionRenewal({ store, clock, keys, guard, ownerStateOf: () => 'NONE', rejectUrl: () => '', notify: () => undefined, report: rethrow });
  const renewed = await renewal.renew('s-1', await sessions.verifyForRenewal(token));
  expect(await sessions.verify(renewed.token)).toMatchObject({ sessionId: 's-1' });
  store.close();
  dir.remove();
});
