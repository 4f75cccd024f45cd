import type { HookAnswer, HookInput } from './sdk.ts';

/**
 * Secrets that Claude Code reads from a descriptor that it inherits, instead of from its environment: whatever runs in the
 * container can read the environment of Claude Code in /proc, but the descriptor is empty once it was read.
 */
const BY_DESCRIPTOR: Readonly<Record<string, string>> = {
  ANTHROPIC_API_KEY: 'CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR',
  CLAUDE_CODE_OAUTH_TOKEN: 'CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR',
};
/** After stdin, stdout and stderr. */
const FIRST_DESCRIPTOR = 3;

export interface SecretDelivery {
  /** Goes into the environment of Claude Code. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to the descriptors 3, 4, … of Claude Code, each once. */
  readonly descriptors: readonly string[];
  /** What commands must not inherit. */
  readonly names: readonly string[];
}

/** How Claude Code gets its secrets. */
export function deliverSecrets(secrets: Readonly<Record<string, string>>): SecretDelivery {
  const env: Record<string, string> = {};
  const descriptors: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    const variable = BY_DESCRIPTOR[name];
    if (variable === undefined) {
      env[name] = secret;
    } else {
      env[variable] = String(FIRST_DESCRIPTOR + descriptors.length);
      descriptors.push(secret);
    }
  }
  return { env, descriptors, names: Object.keys(secrets) };
}

/** Hook before the tool Bash (SEC-05): the command runs without the secrets, whichever way Claude Code got them. */
export function unsetSecrets(names: readonly string[]): (input: HookInput) => Promise<HookAnswer> {
  const words = [...new Set([...Object.keys(BY_DESCRIPTOR), ...names])].join(' ');
  return async ({ tool_input: toolInput }) => {
    const input = toolInput as Record<string, unknown> | undefined;
    if (typeof input?.['command'] !== 'string') return {};
    const command = `unset ${words} 2>/dev/null; ${input['command']}`;
    return { hookSpecificOutput: { hookEventName: 'PreToolUse', updatedInput: { ...input, command } } };
  };
}
