import { AppError } from '../base/errors.ts';
import type { Environment } from './load.ts';
import type { Secrets } from './schema.ts';

const SHORTEST_KEY = 16;
/** What can stand after "Bearer" in a header; `$` would be taken for a variable that nobody filled in, `wai_sess_` for a session. */
const SENDABLE = /^(?!wai_sess_)[\x21-\x23\x25-\x7e]+$/;

/**
 * Reads the secrets. An unset or empty `CO_BUS_KEY`, or the literal `${CO_BUS_KEY}` that a client passes on when its
 * own variable is unset, means none. Throws CONFIG_INVALID for a key that is too easy to guess, or
 * that cannot be sent in a header.
 */
export function loadSecrets(env: Environment): Secrets {
  const key = env['CO_BUS_KEY']?.trim() ?? '';
  if (key === '' || key === '${CO_BUS_KEY}') return { busKey: null };
  if (key.length < SHORTEST_KEY) {
    throw new AppError(
      'CONFIG_INVALID',
      `CO_BUS_KEY has ${key.length} characters, it needs at least ${SHORTEST_KEY}. Make one with: openssl rand -hex 32`,
      { variable: 'CO_BUS_KEY', atLeast: SHORTEST_KEY },
    );
  }
  if (!SENDABLE.test(key)) {
    throw new AppError(
      'CONFIG_INVALID',
      'CO_BUS_KEY holds a space, a $ or a character that is not ASCII, or begins with wai_sess_, so no client could send it. Make one with: openssl rand -hex 32',
      { variable: 'CO_BUS_KEY' },
    );
  }
  return { busKey: key };
}
