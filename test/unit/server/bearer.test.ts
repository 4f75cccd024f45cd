import { describe, expect, test } from 'vitest';
import type { AppError, ErrorCode } from '../../../main/base/errors.ts';
import { bearerToken } from '../../../main/server/bearer.ts';

function refusal(header: string | null): AppError {
  try {
    bearerToken(header);
  } catch (error) {
    return error as AppError;
  }
  throw new Error('it was accepted');
}

describe('an Authorization header', () => {
  test.each(['Bearer abc', 'bearer abc', '  Bearer   abc  '])('gives its token: %j', (header) => {
    expect(bearerToken(header)).toBe('abc');
  });

  test.each<[string | null, ErrorCode, RegExp]>([
    [null, 'AUTH_TOKEN_MISSING', /session create/],
    ['', 'AUTH_TOKEN_MISSING', /session create/],
    ['Bearer', 'AUTH_TOKEN_MISSING', /probably empty/],
    ['Bearer ', 'AUTH_TOKEN_MISSING', /probably empty/],
    ['Bearer ${CO_BUS_KEY}', 'AUTH_TOKEN_INVALID', /environment variable CO_BUS_KEY is not set in the shell that started the client/],
    ['Bearer $CO_BUS_KEY', 'AUTH_TOKEN_INVALID', /CO_BUS_KEY is not set/],
    ['Bearer ${BUS_FE:-none}', 'AUTH_TOKEN_INVALID', /BUS_FE is not set/],
    ['${WHEELHOUSE_AUTH}', 'AUTH_TOKEN_INVALID', /WHEELHOUSE_AUTH is not set/],
    ['Basic YWJj', 'AUTH_TOKEN_INVALID', /does not begin with "Bearer "/],
    ['abc', 'AUTH_TOKEN_INVALID', /does not begin with "Bearer "/],
    ['Bearer Bearer abc', 'AUTH_TOKEN_INVALID', /exactly one token/],
  ])('%j is refused with its cure', (header, code, cure) => {
    const error = refusal(header);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(cure);
  });

  test('never repeats what was sent', () => {
    expect(refusal('Basic c2VjcmV0').message).not.toContain('c2VjcmV0');
    expect(refusal('Bearer secret1 secret2').message).not.toContain('secret');
  });
});
