import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionView } from '../../../preload/contract.ts';
import { readClaims } from '../../../main/access/token-claims.ts';
import { writeMcpToken } from '../../../main/access/token-file.ts';
import { AppError } from '../../../main/base/errors.ts';
import type { CommandContext } from '../../../main/cli/command.ts';
import { COMMANDS } from '../../../main/cli/commands.ts';
import { openCore, type Core } from '../../../main/cli/core.ts';
import { parseInput } from '../../../main/cli/input.ts';
import type { CliIo } from '../../../main/cli/io.ts';
import { refreshToken } from '../../../main/cli/mcp-bridge/refresh-token.ts';
import { Output } from '../../../main/cli/output.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { unsignedToken } from '../../support/held-session.ts';

interface Refreshed {
  readonly oldSessionId: string | null;
  readonly newSessionId: string;
  readonly agentName: string;
  readonly expiresAt: string;
  readonly tokenPath: string;
  readonly oldSessionRevoked: boolean;
}

describe('wheelhouse mcp refresh-token', () => {
  let rig: CliRig;
  beforeEach(async () => {
    rig = makeCliRig();
    await rig.run('agent', 'add', 'desk', '--role', 'FE');
  });
  afterEach(async () => rig.close());

  const file = (): string => join(rig.dataDir, 'mcp-token');
  const sidIn = (path: string): string => readClaims(readFileSync(path, 'utf8'), Date.now())!.sessionId;
  const sessions = async (): Promise<readonly SessionView[]> => (await rig.json<{ sessions: SessionView[] }>('session', 'list', '--all')).sessions;
  const refresh = async (...words: string[]): Promise<Refreshed> => rig.json<Refreshed>('mcp', 'refresh-token', ...words);

  it.each(['a running core', 'no core'])('replaces the session with %s, keeps its terms, revokes the old one, prints no token', async (how) => {
    if (how === 'a running core') await rig.startCore();
    await rig.run('session', 'create', '--agent', 'desk', '--default', '--ttl', '900');
    const old = sidIn(file());
    const done = await refresh();
    expect(done).toMatchObject({ oldSessionId: old, newSessionId: sidIn(file()), agentName: 'desk', tokenPath: file(), oldSessionRevoked: true });
    const all = await sessions();
    expect(all.find(({ id }) => id === old)).toMatchObject({ state: 'revoked', revokeReason: 'replaced by a new token' });
    expect(all.find(({ id }) => id === done.newSessionId)).toMatchObject({ state: 'live', ttlSec: 900, renewalCount: 0 });
    const told = await rig.run('mcp', 'refresh-token');
    expect(told.out + told.err).not.toContain('wai_sess_');
  });

  it('inherits every term, so that no right widens', async () => {
    const core = await openCore({ dataDir: rig.dataDir, mode: 'offline', env: rig.env, warn: () => undefined });
    const { token } = await core.call('sessions.create', { agent: 'desk', ttl_sec: 1200, max_renewals: 0, reject_window_sec: 400 });
    await core.close();
    await writeMcpToken(file(), token);
    const { newSessionId } = await refresh();
    expect((await sessions()).find(({ id }) => id === newSessionId)).toMatchObject({ ttlSec: 1200, maxRenewals: 0, rejectWindowSec: 400 });
  });

  it('works for a session that was revoked, says so truthfully, and for one that is gone', async () => {
    await rig.run('session', 'create', '--agent', 'desk', '--default');
    await rig.run('session', 'revoke', sidIn(file()));
    expect(await refresh()).toMatchObject({ oldSessionRevoked: true });

    const [{ agentId }] = (await sessions()) as [SessionView];
    const gone = unsignedToken({ sessionId: 'gone', issuedAt: Date.now() - 7_200_000, expiresAt: Date.now() - 3_600_000 });
    const [head, payload, tail] = gone.slice('wai_sess_'.length).split('.') as [string, string, string];
    const claims = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), aid: agentId };
    await writeMcpToken(file(), `wai_sess_${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${tail}`);
    expect(await refresh()).toMatchObject({ oldSessionId: 'gone', oldSessionRevoked: false, agentName: 'desk' });
  });

  it('makes the first token of a named agent, and says what to do when nobody is named', async () => {
    expect(await rig.run('mcp', 'refresh-token')).toMatchObject({ exit: 4, err: expect.stringContaining('wheelhouse session create --agent <agent> --default') });
    const done = await refresh('--agent', 'desk');
    expect(done).toMatchObject({ oldSessionId: null, oldSessionRevoked: false, tokenPath: join(rig.dataDir, 'mcp-tokens', 'desk') });
    expect(sidIn(done.tokenPath)).toBe(done.newSessionId);
    expect(await rig.run('mcp', 'refresh-token', '--agent', '../mcp-token')).toMatchObject({ exit: 2 });
    expect(await rig.run('mcp', 'refresh-token', '--agent', 'nobody')).toMatchObject({ exit: 4 });
  });

  it('warns and succeeds when the old session cannot be revoked, and does not claim that it was', async () => {
    await rig.run('session', 'create', '--agent', 'desk', '--default');
    const core = await openCore({ dataDir: rig.dataDir, mode: 'offline', env: rig.env, warn: () => undefined });
    const call: Core['call'] = async (name, args) => {
      if (name === 'sessions.revoke') throw new AppError('DATABASE_BUSY');
      return core.call(name, args);
    };
    let out = '';
    let err = '';
    const output = new Output({ out: (text) => void (out += text), err: (text) => void (err += text) } as CliIo, true);
    const spec = COMMANDS.find(({ name }) => name === 'mcp refresh-token')!;
    const context = { input: parseInput(spec, []), output, dataDir: rig.dataDir, core: async () => ({ ...core, call }) };
    expect(await refreshToken(context as unknown as CommandContext)).toBe(0);
    await core.close();
    expect(JSON.parse(out)).toMatchObject({ oldSessionRevoked: false, newSessionId: sidIn(file()) });
    expect(err).toMatch(/was not revoked .*wheelhouse session revoke/);
  });

  it('leaves the old session alone, and no new one behind, when the file cannot be written', async () => {
    await rig.run('session', 'create', '--agent', 'desk', '--default');
    const old = sidIn(file());
    const content = readFileSync(file());
    mkdirSync(join(rig.dataDir, 'mcp-tokens', 'desk'));
    expect(await rig.run('mcp', 'refresh-token', '--agent', 'desk')).toMatchObject({ exit: 1 });
    expect(readFileSync(file())).toEqual(content);
    expect((await sessions()).filter(({ state }) => state === 'live').map(({ id }) => id)).toEqual([old]);
  });
});
