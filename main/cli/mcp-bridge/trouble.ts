import { ERRORS } from '../../base/errors.ts';

/** Why the core does not carry out what the client asks (waiaas.md §2.1). */
export type Trouble =
  | { readonly status: 'session_expired' }
  /** `sent`: the request reached the core, and how it ended is unknown. */
  | { readonly status: 'daemon_unavailable'; readonly sent: boolean }
  | { readonly status: 'kill_switch_active' }
  /** The core answered and said no; it would again. */
  | { readonly status: 'refused'; readonly code: string; readonly message: string; readonly retryable: boolean; readonly details: unknown };

/** A trouble that ends without the client doing anything. */
export type PassingTrouble = Exclude<Trouble, { readonly status: 'refused' }>;

/** What a tool answers while the core cannot: data that a model can act on, not an error. */
export interface TroubleReport {
  readonly status: PassingTrouble['status'];
  readonly message: string;
  readonly retryable: true;
  readonly hint: string;
}

/** Where a refused call carries its error for programs, as in the core's own answers. */
const ERROR_META = 'dev.wheelhouse/error';

/** The shape of {@link TroubleReport}, for the output schemas of tools. */
export const TROUBLE_SCHEMA = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['session_expired', 'daemon_unavailable', 'kill_switch_active'] },
    message: { type: 'string' },
    retryable: { type: 'boolean' },
    hint: { type: 'string' },
  },
  required: ['status', 'message', 'retryable', 'hint'],
} as const;

/** `tokenCommand` is the command line that makes this client's next token. */
export function reportOf(trouble: PassingTrouble, tokenCommand: string): TroubleReport {
  const { status } = trouble;
  switch (status) {
    case 'session_expired':
      return {
        status,
        message: 'This client has no valid session with Wheelhouse: its token has expired, was revoked, or was never made. Nothing was carried out.',
        retryable: true,
        hint: `Ask the person to run: ${tokenCommand}. The next call then works; nothing needs a restart.`,
      };
    case 'daemon_unavailable':
      return {
        status,
        message: trouble.sent
          ? 'Wheelhouse stopped answering during the call. It may have been carried out or not: look before you repeat it.'
          : 'Wheelhouse is not running. Nothing was carried out.',
        retryable: true,
        hint: 'Ask the person to open Wheelhouse (or to run: wheelhouse serve), then repeat the call.',
      };
    case 'kill_switch_active':
      return {
        status,
        message: `${ERRORS.SYSTEM_LOCKED.en} The owner has stopped all agents. Nothing was carried out.`,
        retryable: true,
        hint: 'Stop working and tell the person. Calls work again after the recovery, with a new session if this one was revoked.',
      };
  }
}

/** The result of `tools/call`. Only a refusal is an error: Claude Desktop drops servers whose tools keep failing. */
export function toolResult(trouble: Trouble, tokenCommand: string): object {
  if (trouble.status !== 'refused') {
    const report = reportOf(trouble, tokenCommand);
    return { content: [{ type: 'text', text: JSON.stringify(report) }], structuredContent: report };
  }
  const { code, message, retryable, details } = trouble;
  return { isError: true, content: [{ type: 'text', text: `${code}: ${message}` }], _meta: { [ERROR_META]: { code, message, retryable, details } } };
}
