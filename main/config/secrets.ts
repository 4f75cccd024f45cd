import { AppError } from '../base/errors.ts';
import type { Environment } from './load.ts';
import type { Secrets } from './schema.ts';

/** Which part of Wheelhouse uses a secret. */
export type SecretUser = 'bus' | 'notices' | 'channels' | 'agents';

/** When a change of a secret counts. */
export type SecretEffect = 'at_once' | 'next_run' | 'restart';

/** One secret of Wheelhouse itself. */
export interface SecretRow {
  /** One sentence for people. */
  readonly about: string;
  readonly usedBy: readonly SecretUser[];
  readonly effect: SecretEffect;
  /** Why a value cannot be this secret, with the cure and without the value; null when it can. */
  readonly problem: (value: string) => string | null;
}

const SHORTEST_KEY = 16;
const BOT_TOKEN = /^\d{1,20}:[A-Za-z0-9_-]{30,}$/;
/** What can stand after "Bearer" in a header; `$` would be taken for a variable that nobody filled in, `wai_sess_` for a session. */
const SENDABLE = /^(?!wai_sess_)[\x21-\x23\x25-\x7e]+$/;

/** The one table of the secrets of Wheelhouse itself; nothing of them ever stands in config.toml, and no agent is given one. */
export const SECRETS = {
  CO_BUS_KEY: {
    about:
      'The shared key of the team bus, at least 16 characters. With it clients without a session token may connect; they name their role themselves and are shown as unverified. Unset: every client needs a session token.',
    usedBy: ['bus'],
    effect: 'restart',
    problem(key) {
      if (key.length < SHORTEST_KEY) return `CO_BUS_KEY has ${key.length} characters, it needs at least ${SHORTEST_KEY}. Make one with: openssl rand -hex 32`;
      if (SENDABLE.test(key)) return null;
      return 'CO_BUS_KEY holds a space, a $ or a character that is not ASCII, or begins with wai_sess_, so no client could send it. Make one with: openssl rand -hex 32';
    },
  },
  ANU_BOT_TOKEN: {
    about: 'The token of the Telegram bot that carries notices and chats, from @BotFather.',
    usedBy: ['notices', 'channels'],
    effect: 'at_once',
    problem: (token) => (BOT_TOKEN.test(token) ? null : 'ANU_BOT_TOKEN is not the token of a Telegram bot, which is a number, a colon and 30 or more letters, digits, - or _. Copy it from @BotFather.'),
  },
  DISCORD_WEBHOOK_URL: {
    about: 'The webhook of the Discord channel that gets notices; whoever knows it can write there.',
    usedBy: ['notices'],
    effect: 'at_once',
    problem: (address) =>
      URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) ? null : 'DISCORD_WEBHOOK_URL is not an address. Copy the whole webhook URL from the settings of the Discord channel.',
  },
  NTFY_TOKEN: {
    about: 'The access token of the ntfy server, where it needs one.',
    usedBy: ['notices'],
    effect: 'at_once',
    problem: (token) => (/^[\x21-\x7e]+$/.test(token) ? null : 'NTFY_TOKEN holds a space or a character that is not ASCII, so it could not be sent. Copy it from the account page of the ntfy server.'),
  },
} as const satisfies Record<string, SecretRow>;

export type SecretName = keyof typeof SECRETS;

/** The names of {@link SECRETS}, which are those of the variables too. */
export const SECRET_NAMES = Object.keys(SECRETS) as readonly SecretName[];

/** The row of a secret of Wheelhouse; null for every other name. */
export function secretRow(name: string): SecretRow | null {
  return Object.hasOwn(SECRETS, name) ? SECRETS[name as SecretName] : null;
}

/** Whether a name belongs to Wheelhouse, so that no agent may be given what lies under it. */
export function isOwnName(name: string): boolean {
  return secretRow(name) !== null || name.startsWith('WAIAAS_') || name === 'REDIS_URL';
}

/**
 * Checks and names the secrets among `values`. An unset or empty one, or a literal `${CO_BUS_KEY}` that a client passes on
 * when its own variable is unset, means none. Throws CONFIG_INVALID for one that cannot be what its name says; it is not shown.
 */
export function loadSecrets(values: Environment): Secrets {
  const take = (name: SecretName): string | null => {
    const value = valueOf(values, name);
    const problem = value === null ? null : SECRETS[name].problem(value);
    if (problem !== null) throw new AppError('CONFIG_INVALID', problem, { variable: name });
    return value;
  };
  return { busKey: take('CO_BUS_KEY'), botToken: take('ANU_BOT_TOKEN'), discordWebhook: take('DISCORD_WEBHOOK_URL'), ntfyToken: take('NTFY_TOKEN') };
}

/** Null when unset, empty, or the placeholder `${NAME}` that nobody filled in. */
function valueOf(values: Environment, name: string): string | null {
  const value = values[name]?.trim() ?? '';
  return value === '' || value === `\${${name}}` ? null : value;
}
