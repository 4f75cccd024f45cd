import type { AgentOutput } from './output.ts';
import type { QueryOptions, Sdk, SdkMessage } from './sdk.ts';
import type { MessageStream } from './message-stream.ts';
import { Steps } from './steps.ts';

export interface ConversationParts {
  readonly sdk: Pick<Sdk, 'query'>;
  /** Holds the first prompt already; follow-ups are pushed while it is live. */
  readonly messages: MessageStream;
  readonly options: QueryOptions;
  readonly emit: (output: AgentOutput) => void;
  readonly warn: (message: string) => void;
  /** Hears what happens within a turn, step by step. */
  readonly show: (step: string) => void;
  readonly now: () => Date;
  /** Whether the memory limit killed something since the run began. Asked when Claude Code was killed. */
  readonly outOfMemory: () => boolean;
}

/** What Claude Code says when the conversation to continue is not there any more. */
const GONE = /no conversation found|session (?:id )?[^\n]*not found|could not find session/i;

/** Claude Code asks ten times over minutes; a key that was refused twice will be refused again. */
const MOST_REFUSALS = 2;
/** How the SDK says that Claude Code was killed. */
const KILLED = /SIGKILL|exited with code 137/;
const OUT_OF_MEMORY = 'Claude Code was killed because the container needed more memory than its limit.';
const KEY_REFUSED = 'The API refuses the credentials (401). Set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN to valid ones.';

/**
 * Leads the conversation until its messages end. Each turn gives one output: its last text with the session, or an error.
 * Resolves with whether all went well. A conversation that cannot be continued because it is gone is begun anew, once.
 */
export async function converse(parts: ConversationParts): Promise<boolean> {
  const first = await follow(parts, parts.options);
  if (first !== 'gone') return first === 'ended';
  parts.warn('The earlier conversation is gone; a new one begins.');
  const { resume: _, ...fresh } = parts.options;
  return (await follow(parts, fresh)) === 'ended';
}

async function follow({ sdk, messages, emit, warn, show, now, outOfMemory }: ConversationParts, options: QueryOptions): Promise<'ended' | 'failed' | 'gone'> {
  let sessionId: string | null = null;
  let answered = false;
  const steps = new Steps(show, () => now().getTime());
  const fail = (error: string): 'failed' | 'gone' => {
    if (options.resume !== undefined && !answered && GONE.test(error)) return 'gone';
    emit({ status: 'error', result: null, ...(sessionId !== null && answered && { newSessionId: sessionId }), error });
    return 'failed';
  };
  try {
    for await (const message of sdk.query({ prompt: messages, options })) {
      sessionId = message.session_id ?? sessionId;
      if (message.type === 'assistant') answered = true;
      steps.take(message);
      if (message.subtype === 'api_retry') {
        warn(`The API answered ${message.error_status ?? 'nothing'}; it is asked again in ${Math.round((message.retry_delay_ms ?? 0) / 1000)} s.`);
        if (message.error_status === 401 && (message.attempt ?? 0) >= MOST_REFUSALS) return fail(KEY_REFUSED);
      }
      if (message.type !== 'result') continue;
      const error = errorOf(message);
      if (error !== null) return fail(error);
      emit({ status: 'success', result: message.result || null, ...(sessionId !== null && { newSessionId: sessionId }) });
    }
    return 'ended';
  } catch (error) {
    const { message } = error as Error;
    if (!KILLED.test(message) || !outOfMemory()) return fail(message);
    emit({ status: 'error', result: null, ...(sessionId !== null && answered && { newSessionId: sessionId }), error: OUT_OF_MEMORY, cause: 'out_of_memory' });
    return 'failed';
  }
}

/** What went wrong in a turn; null when nothing did. */
function errorOf(message: SdkMessage): string | null {
  if (message.subtype === 'success' && message.is_error !== true) return null;
  const said = [...(message.errors ?? []), ...(message.result ? [message.result] : [])].join('\n');
  return said === '' ? `Claude Code ended the turn with ${message.subtype}` : said;
}
