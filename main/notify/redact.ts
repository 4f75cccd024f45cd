import { SECRETS_IN_ADDRESSES } from '../base/log-redaction.ts';

const MASK = '[REDACTED]';

/** What services echo in their refusals: a bot's token in an address, a webhook, everything after `?` of an address. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  ...SECRETS_IN_ADDRESSES.map((pattern) => [pattern, `$1${MASK}`] as const),
  [/(https?:\/\/[^\s'"?]+)\?[^\s'"]*/g, `$1?${MASK}`],
];

/** The text without secrets: those named, and whatever looks like one. For errors that are stored, shown or logged. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const named = secrets.filter((secret) => secret !== '').reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  return SHAPES.reduce((rest, [shape, mask]) => rest.replaceAll(shape, mask), named);
}

/** An address or id as it may be shown: its last four characters. */
export function masked(secret: string): string {
  return secret.length <= 4 ? '…' : `…${secret.slice(-4)}`;
}
