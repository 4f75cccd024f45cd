import { requestRenewal, type RenewalAnswer } from '../access/renewal-client.ts';
import { readClaims } from '../access/token-claims.ts';
import { readMcpToken, writeMcpToken } from '../access/token-file.ts';
import { iso, systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { coreAddress } from './mcp-bridge/core-address.ts';
import { tokenFileOf } from './mcp-bridge/token-file-of.ts';
import { localTime } from './text.ts';

/**
 * `wheelhouse session renew`: what a client does by itself, for one that cannot. The session proves itself by the token in
 * its file, and the next token goes into the same file. Throws what the core answers.
 */
export async function sessionRenew({ core, input, output, dataDir }: CommandContext): Promise<number> {
  const tokenFile = tokenFileOf(dataDir, input.text('agent'));
  const token = readMcpToken(tokenFile);
  const claims = token === null ? null : readClaims(token, systemClock.now());
  if (token === null || claims === null) {
    throw new AppError('SESSION_NOT_FOUND', `${tokenFile} holds no token to renew. Make one with: wheelhouse session create`, { tokenFile });
  }
  // Finds out with the usual words when no core runs.
  await core('running');
  const baseUrl = (): string => coreAddress({ dataDir, fixed: undefined, configured: undefined });
  const answer = await requestRenewal({ fetch, baseUrl, clock: systemClock }, claims.sessionId, token);
  if (!answer.ok) throw refused(answer, claims.sessionId);
  await writeMcpToken(tokenFile, answer.token);
  const expiresAt = answer.expiresAt === null ? null : iso(answer.expiresAt);
  output.result(
    { sessionId: claims.sessionId, expiresAt, tokenFile },
    `Renewed session ${claims.sessionId}, valid ${expiresAt === null ? 'without end' : `until ${localTime(expiresAt)}`}.\nToken file: ${tokenFile}`,
  );
  return EXIT.ok;
}

function refused({ code, reason, message }: Extract<RenewalAnswer, { readonly ok: false }>, sessionId: string): AppError {
  if (code === null) return new AppError('NOT_RUNNING', `The core did not renew the session: ${reason}.`, { sessionId });
  return new AppError(code, message ?? undefined, { sessionId });
}
