import { join } from 'node:path';
import type { CallArgs, SessionView } from '../../preload/contract.ts';
import { getMcpTokenPath, writeMcpToken } from '../access/token-file.ts';
import { AppError } from '../base/errors.ts';
import { dataPaths, prepareDataDir } from '../config/data-dir.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError, type Input } from './input.ts';
import { count, localTime, oneLine, table } from './text.ts';

/** `wheelhouse session create`: the token goes to its file, and to standard output only when asked for by name. */
export async function sessionCreate({ core, input, output, dataDir }: CommandContext): Promise<number> {
  const print = input.flag('print-token');
  if (print && input.flag('default')) throw new UsageError('--print-token and --default exclude each other: a printed token goes into no file.');
  const { session, token } = await (await core('offline')).call('sessions.create', { agent: input.text('agent')!, ...limitsIn(input) });
  const until = session.expiresAt === null ? 'without end' : `until ${localTime(session.expiresAt)}`;
  if (print) {
    output.note(`Session ${session.id} of ${session.agentName} (${session.role}), valid ${until}. The token is a secret: do not paste it anywhere.`);
    output.result({ session, token }, token);
    return EXIT.ok;
  }
  prepareDataDir(dataDir, (text) => output.note(text));
  const file = input.flag('default') ? getMcpTokenPath(dataDir) : join(dataPaths(dataDir).tokens, session.agentName);
  await writeMcpToken(file, token);
  output.result({ session, tokenFile: file }, `Session ${session.id} of ${session.agentName} (${session.role}), valid ${until}.\nToken file: ${file}`);
  return EXIT.ok;
}

/** The limits that were asked for; what is absent stays as the settings say, null is no limit. */
function limitsIn(input: Input): Omit<CallArgs<'sessions.create'>, 'agent'> {
  const [ttl, most, window] = [input.integer('ttl'), input.integer('max-renewals'), input.integer('reject-window')];
  const [noTtl, unlimited] = [input.flag('no-ttl'), input.flag('unlimited-renewals')];
  if (noTtl && ttl !== undefined) throw new UsageError('--ttl and --no-ttl exclude each other.');
  if (unlimited && most !== undefined) throw new UsageError('--max-renewals and --unlimited-renewals exclude each other.');
  return {
    ...((noTtl || ttl !== undefined) && { ttl_sec: ttl ?? null }),
    ...((unlimited || most !== undefined) && { max_renewals: most ?? null }),
    ...(window !== undefined && { reject_window_sec: window }),
  };
}

/** `wheelhouse session show`. */
export async function sessionShow({ core, input, output }: CommandContext): Promise<number> {
  const { sessions } = await (await core('offline')).call('sessions.list', {});
  const id = fullId(input.argText('id'), sessions);
  const session = sessions.find((each) => each.id === id)!;
  const time = (iso: string | null, none: string): string => (iso === null ? none : localTime(iso));
  const rows = [
    ['Session', session.id],
    ['Agent', `${session.agentName} (${session.role})`],
    ['State', stateOf(session)],
    ['Created', localTime(session.createdAt)],
    ['Token life', session.ttlSec === null ? 'as long as the session' : `${session.ttlSec} s`],
    ['Renewals', session.maxRenewals === null ? `${session.renewalCount}, no limit` : `${session.renewalCount} of ${session.maxRenewals}`],
    ['Last renewed', time(session.lastRenewedAt, 'never')],
    ['At the latest', time(session.absoluteExpiresAt, 'no end')],
    ['Reject window', `${session.rejectWindowSec} s`],
    ['Last used', `${time(session.lastUsedAt, 'never')}${session.lastClient === null ? '' : ` by ${oneLine(session.lastClient)}`}`],
  ];
  output.result({ session }, table(rows));
  return EXIT.ok;
}

/** `wheelhouse session list`. */
export async function sessionList({ core, input, output }: CommandContext): Promise<number> {
  const agent = input.text('agent');
  const list = await (await core('offline')).call('sessions.list', agent === undefined ? {} : { agent });
  const sessions = input.flag('all') ? list.sessions : list.sessions.filter((session) => session.state === 'live');
  const rows = sessions.map((session) => [session.agentName, session.role, renewalsOf(session), stateOf(session), session.id]);
  const empty = input.flag('all') ? 'There are no sessions.' : 'No session can act now. --all shows ended ones too.';
  output.result({ sessions }, rows.length === 0 ? empty : table([['AGENT', 'ROLE', 'RENEWALS', 'STATE', 'ID'], ...rows]));
  return EXIT.ok;
}

function renewalsOf({ ttlSec, renewalCount, maxRenewals }: SessionView): string {
  if (ttlSec === null) return 'none needed';
  return maxRenewals === null ? String(renewalCount) : `${renewalCount}/${maxRenewals}`;
}

function stateOf(session: SessionView): string {
  switch (session.state) {
    case 'live':
      return session.expiresAt === null ? 'live' : `live until ${localTime(session.expiresAt)}`;
    case 'expired':
      return `expired ${localTime(session.expiresAt!)}`;
    case 'revoked':
      return `revoked ${localTime(session.revokedAt!)}${session.revokeReason === null ? '' : `: ${session.revokeReason}`}`;
  }
}

/** `wheelhouse session revoke`. */
export async function sessionRevoke({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const { sessions } = await opened.call('sessions.list', {});
  const reason = input.text('reason');
  const revoked = await opened.call('sessions.revoke', { session_id: fullId(input.argText('id'), sessions), ...(reason !== undefined && { reason }) });
  output.result(revoked, `Revoked session ${revoked.session.id} of ${revoked.session.agentName} (${revoked.session.role}).`);
  return EXIT.ok;
}

/** `wheelhouse session invalidate-all`. */
export async function sessionInvalidateAll({ core, input, output }: CommandContext): Promise<number> {
  const reason = input.text('reason');
  const done = await (await core('offline')).call('sessions.invalidateAll', reason === undefined ? {} : { reason });
  output.result(done, `Ended ${count(done.revoked, 'session')}. Make new ones with: wheelhouse session create --agent <name>`);
  return EXIT.ok;
}

/** `wheelhouse session rotate-key`. */
export async function sessionRotateKey({ core, output }: CommandContext): Promise<number> {
  const done = await (await core('offline')).call('sessions.rotateKey', {});
  output.result(done, 'Tokens are signed with a new key from now on. Live sessions go on; to end them: wheelhouse session invalidate-all');
  return EXIT.ok;
}

/** Ids begin alike (they begin with the time), so people name them by their end. */
function fullId(word: string, sessions: readonly SessionView[]): string {
  const found = sessions.filter(({ id }) => id === word || (word.length >= 4 && id.endsWith(word.toLowerCase())));
  if (found.length === 1) return found[0]!.id;
  const message = found.length === 0 ? `There is no session '${word}'.` : `'${word}' fits ${found.length} sessions.`;
  throw new AppError('SESSION_NOT_FOUND', `${message} See: wheelhouse session list --all`, { session: word });
}
