import type { AppError, ErrorCode } from '../base/errors.ts';

/** What a program can tell from the end of a command; docs/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** Something went wrong that the words explain. */
  failure: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The command needs a running core and there is none. */
  notRunning: 3,
  /** Wheelhouse understood and said no: taken, not found, not allowed in this state. */
  refused: 4,
  /** The core does not accept who calls. */
  auth: 5,
} as const;

export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done',
  failure: 'something went wrong; the message says what',
  usage: 'the command line is wrong',
  notRunning: 'the command needs a running core and there is none',
  refused: 'refused: taken, not found, or not allowed in this state',
  auth: 'the core does not accept who calls',
};

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  NOT_RUNNING: EXIT.notRunning,
  INPUT_INVALID: EXIT.usage,
  SYSTEM_LOCKED: EXIT.refused,
};

/** The exit code that an error of the core ends a command with. */
export function exitCodeOf(error: AppError): number {
  const named = BY_CODE[error.code];
  if (named !== undefined) return named;
  if (error.status === 401) return EXIT.auth;
  return [403, 404, 409].includes(error.status) ? EXIT.refused : EXIT.failure;
}
