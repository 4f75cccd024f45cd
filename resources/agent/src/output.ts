/** The lines between which the runner of Wheelhouse looks for a document (seed 002, RUNNER-01). */
export const OUTPUT_START = '---NANOCLAW_OUTPUT_START---';
export const OUTPUT_END = '---NANOCLAW_OUTPUT_END---';

export interface AgentOutput {
  readonly status: 'success' | 'error';
  /** A text for the chat; null: a sign of life. */
  readonly result: string | null;
  readonly newSessionId?: string;
  readonly error?: string;
  /** Why, where Wheelhouse has a word of its own for it. */
  readonly cause?: 'out_of_memory';
}

/** One document with its markers, each on a line of its own. */
export function formatOutput(output: AgentOutput): string {
  return `${OUTPUT_START}\n${JSON.stringify(output)}\n${OUTPUT_END}\n`;
}
