/** What every session token starts with (seed 000). */
export const TOKEN_PREFIX = 'wai_sess_';

/** A real token has about 270 bytes; anything above this is not one. */
export const MAX_TOKEN_BYTES = 8 * 1024;

/** Whether `text` has the form of a session token: the prefix and the three parts of a JWT (seed 000, reader). */
export function isTokenShaped(text: string): boolean {
  return (
    text.startsWith(TOKEN_PREFIX) &&
    text.length <= MAX_TOKEN_BYTES &&
    !/\s/.test(text) &&
    text.split('.').length === 3 &&
    text.slice(TOKEN_PREFIX.length).split('.').every((part) => part !== '')
  );
}
