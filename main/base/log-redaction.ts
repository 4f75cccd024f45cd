const HIDDEN = '[hidden]';

/** Names of fields whose value is a secret, at any depth; `key` alone is too common a word to hide. */
const SECRET_NAME = /authorization|cookie|token|password|passphrase|secret|credential|nonce|(?:api|bus|private|signing|shared|access)[-_]?key/i;

/** What stands in addresses of services: the token of a Telegram bot, the secret part of a webhook. All but `$1` is secret. */
export const SECRETS_IN_ADDRESSES: readonly RegExp[] = [/\b(bot)\d+:[A-Za-z0-9_-]+/g, /(\/api\/(?:v\d+\/)?webhooks\/)[^\s'"?]+/g];

/** Session tokens, bearer headers and secret query parameters, wherever they stand in a text. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  ...SECRETS_IN_ADDRESSES.map((pattern) => [pattern, `$1${HIDDEN}`] as const),
  [/wai_sess_[A-Za-z0-9_.-]+/g, `wai_sess_${HIDDEN}`],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9+/_.~=-]+/gi, `$1 ${HIDDEN}`],
  [/([?&#](?:token|ticket|key|code|nonce|secret|password)=)[^&\s"'\\]+/gi, `$1${HIDDEN}`],
];

/** Nested deeper than this is cut, which also ends circles. */
const DEEPEST = 8;

/** A copy of the fields in which values under secret names are masked; errors become plain objects on the way. */
export function hideSecrets(fields: object): Record<string, unknown> {
  return copyFields(fields, 0);
}

/** The finished line without tokens in its texts. */
export function hideSecretsIn(line: string): string {
  return SECRET_TEXTS.reduce((text, [pattern, mask]) => text.replace(pattern, mask), line);
}

function copyFields(fields: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const secret = SECRET_NAME.test(name) && value !== null && value !== undefined && typeof value !== 'boolean' && typeof value !== 'number';
    copy[name] = secret ? HIDDEN : copyValue(value, depth + 1);
  }
  return copy;
}

function copyValue(value: unknown, depth: number): unknown {
  if (value instanceof Error) return copyError(value, depth);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  if (depth > DEEPEST) return '…';
  return Array.isArray(value) ? value.map((item) => copyValue(item, depth + 1)) : copyFields(value, depth);
}

function copyError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const { name: _name, ...own } = copyFields(error, depth);
  return {
    type: name,
    message,
    stack,
    ...own,
    ...(cause === undefined || depth > DEEPEST ? {} : { cause: copyValue(cause, depth + 1) }),
  };
}
