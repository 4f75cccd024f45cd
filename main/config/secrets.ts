import { AppError } from '../base/errors.ts';
import type { Environment } from './load.ts';
import type { Secrets } from './schema.ts';

/** The variables that hold secrets; nothing of them ever stands in config.toml. */
export const SECRET_NAMES = ['CO_BUS_KEY', 'ANU_BOT_TOKEN', 'DISCORD_WEBHOOK_URL', 'NTFY_TOKEN'] as const;

const SHORTEST_KEY = 16;
/** What can stand after "Bearer" in a header; `$` would be taken for a variable that nobody filled in, `wai_sess_` for a session. */
const BOT_TOKEN = /^\d{1,20}:[A-Za-z0-9_-]{30,}$/;
const SENDABLE = /^(?!wai_sess_)[\x21-\x23\x25-\x7e]+$/;

/**
 * Reads the secrets. An unset or empty variable, or a literal `${CO_BUS_KEY}` that a client passes on when its own
 * variable is unset, means none. Throws CONFIG_INVALID for a key that is too easy to guess or that cannot be sent in a
 * header, and for a token or address that cannot be one; none of them is shown.
 */
export function loadSecrets(env: Environment): Secrets {
  return { busKey: busKeyIn(env), botToken: botTokenIn(env), discordWebhook: webhookIn(env), ntfyToken: valueOf(env, 'NTFY_TOKEN') };
}

function busKeyIn(env: Environment): string | null {
  const key = valueOf(env, 'CO_BUS_KEY');
  if (key === null) return null;
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
  return key;
}

function botTokenIn(env: Environment): string | null {
  const token = valueOf(env, 'ANU_BOT_TOKEN');
  if (token === null || BOT_TOKEN.test(token)) return token;
  throw new AppError('CONFIG_INVALID', 'ANU_BOT_TOKEN is not the token of a Telegram bot, which is a number, a colon and 30 or more letters, digits, - or _. Copy it from @BotFather.', {
    variable: 'ANU_BOT_TOKEN',
  });
}

function webhookIn(env: Environment): string | null {
  const address = valueOf(env, 'DISCORD_WEBHOOK_URL');
  if (address === null || (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol))) return address;
  throw new AppError('CONFIG_INVALID', 'DISCORD_WEBHOOK_URL is not an address. Copy the whole webhook URL from the settings of the Discord channel.', { variable: 'DISCORD_WEBHOOK_URL' });
}

/** Null when unset, empty, or the placeholder `${NAME}` that nobody filled in. */
function valueOf(env: Environment, name: string): string | null {
  const value = env[name]?.trim() ?? '';
  return value === '' || value === `\${${name}}` ? null : value;
}
