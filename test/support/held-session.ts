import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ErrorCode } from '../../main/base/errors.ts';
import { ERRORS } from '../../main/base/errors.ts';
import { SessionManager } from '../../main/access/session-manager.ts';
import { FakeClock } from './fake-clock.ts';

let minted = 0;

/** A text in the form of a session token, signed by nobody. Times in ms; every call gives another one. */
export function unsignedToken(claims: { readonly sessionId?: string; readonly issuedAt: number; readonly expiresAt?: number | null }): string {
  const { sessionId = 'session-1', issuedAt, expiresAt = null } = claims;
  minted += 1;
  const payload = { jti: sessionId, aid: 'agent-1', iat: issuedAt / 1000, ...(expiresAt !== null && { exp: expiresAt / 1000 }) };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `wai_sess_${part({ alg: 'HS256' })}.${part(payload)}.${part({ minted })}`;
}

/** How the stand-in answers the next renewal. */
export type NextAnswer = 'renew' | ErrorCode | 'unreachable' | 'nonsense' | 'never';

/** A {@link SessionManager} with a clock that moves when told, a file in memory, and a core of which only renewal exists. */
export interface HeldSession {
  readonly clock: FakeClock;
  readonly manager: SessionManager;
  readonly reports: string[];
  /** When the core was asked for a renewal, and with which token. */
  readonly asked: { readonly at: number; readonly token: string }[];
  answer: NextAnswer;
  file: string | null;
  /** Fails every write while it is true. */
  diskFull: boolean;
  /** Holds every write up until it resolves. */
  slowDisk: Promise<void>;
  /** The life of tokens that the core issues. */
  ttlMs: number;
  /** Moves time in steps of a minute at most and lets what comes due finish. */
  pass(ms: number): Promise<void>;
  /** Lets what was started go as far as it gets. */
  settle(): Promise<void>;
  /** Lets an answer of the kind `never` come after all. */
  release(): void;
}

export function holdSession(options: { readonly file?: (now: number) => string; readonly env?: (now: number) => string; readonly ttlMs?: number } = {}): HeldSession {
  const clock = new FakeClock();
  let release = (): void => undefined;
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn += 1) await nextTurn();
  };
  const renew = (token: string): Response => {
    const expiresAt = clock.now() + rig.ttlMs;
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { jti: string };
    const next = unsignedToken({ sessionId: jti, issuedAt: clock.now(), expiresAt });
    return Response.json({ sessionId: jti, token: next, expiresAt: new Date(expiresAt).toISOString(), renewalCount: 1, maxRenewals: 30, absoluteExpiresAt: null });
  };
  const rig: HeldSession = {
    clock,
    reports: [],
    asked: [],
    answer: 'renew',
    file: options.file?.(clock.now()) ?? null,
    diskFull: false,
    slowDisk: Promise.resolve(),
    ttlMs: options.ttlMs ?? 3_600_000,
    manager: new SessionManager({
      clock,
      baseUrl: () => 'http://core.test',
      async fetch(input, init) {
        const url = input as string;
        const token = new Headers(init!.headers).get('authorization')!.replace('Bearer ', '');
        if (!/^http:\/\/core\.test\/v1\/sessions\/[\w-]+\/renew$/.test(url) || init!.method !== 'PUT') throw new Error(`unexpected request: ${url}`);
        rig.asked.push({ at: clock.now(), token });
        if (rig.answer === 'never') {
          await new Promise<void>((resolve, reject) => {
            release = resolve;
            init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason as Error));
          });
          return renew(token);
        }
        if (rig.answer === 'unreachable') throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
        if (rig.answer === 'nonsense') return new Response('<html>', { status: 200 });
        if (rig.answer === 'renew') return renew(token);
        return Response.json({ error: { code: rig.answer, message: ERRORS[rig.answer].en } }, { status: ERRORS[rig.answer].status });
      },
      file: {
        read: () => rig.file,
        async write(token) {
          await rig.slowDisk;
          if (rig.diskFull) throw new Error('ENOSPC');
          rig.file = token;
        },
      },
      envToken: options.env?.(clock.now()),
      report: (line) => void rig.reports.push(line),
    }),
    settle,
    async pass(ms) {
      for (let left = ms; left > 0; left -= 60_000) {
        clock.advance(Math.min(left, 60_000));
        await settle();
      }
    },
    release: () => release(),
  };
  return rig;
}
