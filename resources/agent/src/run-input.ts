/** The line after which the input begins: some engines put bytes of their own in front of what they pass on to stdin. */
export const INPUT_MARKER = '---WHEELHOUSE_INPUT---';

/** What the runner of Wheelhouse writes to stdin as JSON, once. */
export interface AgentInput {
  readonly prompt: string;
  /** The conversation to continue; null: a new one. */
  readonly sessionId: string | null;
  readonly groupFolder: string;
  readonly chatJid: string;
  readonly isMain: boolean;
  readonly isScheduledTask: boolean;
  readonly assistantName: string;
  /** Credentials by name; they go to Claude Code alone. */
  readonly secrets: Readonly<Record<string, string>>;
}

const DEFAULT_NAME = 'Andy';

/**
 * Finds the input in all that came on stdin: everything after the line of {@link INPUT_MARKER}, or all of it where there
 * is no marker. Throws an Error that names the first field which breaks its rule, and never quotes what was read.
 */
export function readAgentInput(text: string): AgentInput {
  const marker = text.indexOf(INPUT_MARKER);
  const json = marker < 0 ? text : text.slice(marker + INPUT_MARKER.length);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error(`stdin holds no JSON document${marker < 0 ? ` and no line ${INPUT_MARKER}` : ` after ${INPUT_MARKER}`}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('the input is not a JSON object');
  const fields = value as Record<string, unknown>;
  const sessionId = optional(fields, 'sessionId');
  return {
    prompt: required(fields, 'prompt'),
    sessionId: sessionId === '' ? null : sessionId,
    groupFolder: required(fields, 'groupFolder'),
    chatJid: required(fields, 'chatJid'),
    isMain: fields['isMain'] === true,
    isScheduledTask: fields['isScheduledTask'] === true,
    assistantName: optional(fields, 'assistantName') ?? DEFAULT_NAME,
    secrets: secretsOf(fields['secrets']),
  };
}

function required(fields: Record<string, unknown>, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new Error(`${name} must be a text that is not empty`);
  return value;
}

function optional(fields: Record<string, unknown>, name: string): string | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new Error(`${name} must be a text`);
  return value;
}

function secretsOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error('secrets must be an object');
  const entries = Object.entries(value);
  const bad = entries.find(([name, secret]) => !/^[A-Z_][A-Z0-9_]*$/.test(name) || typeof secret !== 'string');
  if (bad !== undefined) throw new Error('secrets must map names like ANTHROPIC_API_KEY to texts');
  return Object.fromEntries(entries);
}
