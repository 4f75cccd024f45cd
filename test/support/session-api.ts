import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { TestCore } from './start-core.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body. */
  readonly body: Record<string, unknown>;
  /** The code of the error envelope; null when it was no error. */
  readonly code: string | null;
}

/** One request to the REST interface as the bearer of `token`. */
export async function api(rig: Pick<TestCore, 'url'>, method: string, path: string, token: string | null, body?: unknown): Promise<ApiAnswer> {
  const response = await fetch(rig.url + path, {
    method,
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const parsed = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body: parsed, code: (parsed['error'] as { code?: string } | undefined)?.code ?? null };
}

/** Gives an agent a verified owner, as if one had signed. */
export function lockOwner(dataDir: string, agentId: string): void {
  const db = new Database(join(dataDir, 'data', 'wheelhouse.db'));
  const { changes } = db
    .prepare("UPDATE agents SET owner_chain = 'ethereum', owner_address = '0x52908400098527886E0F7030069857D2E4169EE7', owner_verified = 1 WHERE id = ?")
    .run(agentId);
  db.close();
  if (changes !== 1) throw new Error(`there is no agent ${agentId}`);
}
