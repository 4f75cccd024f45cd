import type { SessionView } from '../../../preload/contract.ts';
import { readMcpToken, writeMcpToken } from '../../access/token-file.ts';
import { readClaims } from '../../access/token-claims.ts';
import { systemClock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import { prepareDataDir } from '../../config/data-dir.ts';
import type { CommandContext } from '../command.ts';
import type { Core } from '../core.ts';
import { EXIT } from '../exit-codes.ts';
import { localTime } from '../text.ts';
import { tokenFileOf } from './token-file-of.ts';

/**
 * `wheelhouse mcp refresh-token`: a new session in the place of the one in the token file, under the same terms, also
 * when that one has expired or was revoked. Create, file, revoke: a client always finds one that works (waiaas.md §3.2).
 */
export async function refreshToken({ core, input, output, dataDir }: CommandContext): Promise<number> {
  const agent = input.text('agent');
  prepareDataDir(dataDir, (text) => output.note(text));
  const tokenPath = tokenFileOf(dataDir, agent);
  const token = readMcpToken(tokenPath);
  const claims = token === null ? null : readClaims(token, systemClock.now());
  const holder = claims?.agentId ?? agent;
  if (holder === undefined) {
    throw new AppError('SESSION_NOT_FOUND', `${tokenPath} holds no token to replace. Make one with: wheelhouse session create --agent <agent> --default`, { tokenPath });
  }
  const opened = await core('offline');
  const { sessions } = await opened.call('sessions.list', {});
  const old = sessions.find(({ id }) => id === claims?.sessionId) ?? null;
  if (claims !== null && old === null) output.note('The old session is not known any more, so the new one has the terms of the configuration.');
  const next = await opened.call('sessions.create', { agent: holder, ...(old !== null && termsOf(old)) });
  await keepToken(opened, tokenPath, next);
  const oldSessionRevoked = await endOld(opened, old, (text) => output.note(text));
  const { id, agentId, agentName, role, expiresAt } = next.session;
  output.result(
    { oldSessionId: claims?.sessionId ?? null, newSessionId: id, agentId, agentName, expiresAt, tokenPath, oldSessionRevoked },
    `Session ${id} of ${agentName} (${role}), valid ${expiresAt === null ? 'without end' : `until ${localTime(expiresAt)}`}.\nToken file: ${tokenPath}`,
  );
  return EXIT.ok;
}

/** Every term, or a new session would have wider rights than the old one. */
function termsOf({ ttlSec, maxRenewals, rejectWindowSec }: SessionView): { ttl_sec: number | null; max_renewals: number | null; reject_window_sec: number } {
  return { ttl_sec: ttlSec, max_renewals: maxRenewals, reject_window_sec: rejectWindowSec };
}

async function keepToken(core: Core, tokenPath: string, { session, token }: { readonly session: SessionView; readonly token: string }): Promise<void> {
  try {
    await writeMcpToken(tokenPath, token);
  } catch (error) {
    // Nobody has this token, so its session would only take up room.
    await core.call('sessions.revoke', { session_id: session.id, reason: 'its token could not be written' });
    throw error;
  }
}

/** Whether the old session is revoked now. That it is not is no reason to fail: the new one works. */
async function endOld(core: Core, old: SessionView | null, warn: (text: string) => void): Promise<boolean> {
  if (old?.state !== 'live') return old?.state === 'revoked';
  try {
    const { session } = await core.call('sessions.revoke', { session_id: old.id, reason: 'replaced by a new token' });
    return session.state === 'revoked';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warn(`The old session ${old.id} was not revoked (${error.message}). Repeat it with: wheelhouse session revoke ${old.id}`);
    return false;
  }
}
