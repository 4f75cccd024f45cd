import { AppError } from '../base/errors.ts';

/** `${NAME}` or `$NAME`, which clients send as it stands when the variable is not set (bus.md §4.2). */
const UNEXPANDED = /\$\{?([A-Za-z_][A-Za-z0-9_]*)(?::-[^}]*)?\}?/;

/**
 * The token of an `Authorization` header. What is wrong with the header is said with its cure, because MCP clients show
 * that text to the person. Throws AUTH_TOKEN_MISSING, AUTH_TOKEN_INVALID.
 */
export function bearerToken(header: string | null): string {
  if (header === null || header.trim() === '') {
    throw new AppError(
      'AUTH_TOKEN_MISSING',
      'No Authorization header was sent. Send "Authorization: Bearer <token>"; make a token with: wheelhouse session create --agent <name>',
    );
  }
  const variable = UNEXPANDED.exec(header);
  if (variable !== null) {
    const name = variable[1]!;
    throw new AppError(
      'AUTH_TOKEN_INVALID',
      `The token arrived as the text ${variable[0]}: the environment variable ${name} is not set in the shell that started the client. Set it there (export ${name}=...) and start the client again.`,
      { variable: name },
    );
  }
  const [scheme = '', token = '', ...rest] = header.trim().split(/\s+/);
  if (scheme.toLowerCase() !== 'bearer') {
    throw new AppError('AUTH_TOKEN_INVALID', 'The Authorization header does not begin with "Bearer ". Send "Authorization: Bearer <token>".');
  }
  if (token === '') {
    throw new AppError(
      'AUTH_TOKEN_MISSING',
      'The Authorization header has no token after "Bearer": the environment variable that should hold it is probably empty. Set it and start the client again.',
    );
  }
  if (rest.length > 0) {
    throw new AppError('AUTH_TOKEN_INVALID', 'The Authorization header holds more than one word after "Bearer". Send exactly one token.');
  }
  return token;
}
