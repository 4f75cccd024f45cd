import { describe, expect, it } from 'vitest';
import { converse } from '../../../resources/agent/src/conversation.ts';
import { MessageStream } from '../../../resources/agent/src/message-stream.ts';
import type { AgentOutput } from '../../../resources/agent/src/output.ts';
import { formatOutput, OUTPUT_END, OUTPUT_START } from '../../../resources/agent/src/output.ts';
import type { QueryOptions, SdkBlock, SdkMessage, SdkQuery } from '../../../resources/agent/src/sdk.ts';

type Turn = (text: string, options: QueryOptions) => readonly SdkMessage[];

/** A conversation whose turns answer what is said to it. */
function makeConversation(turn: Turn, resume?: string, outOfMemory = false) {
  const messages = new MessageStream();
  const outputs: AgentOutput[] = [];
  const warnings: string[] = [];
  const steps: string[] = [];
  const query = ({ prompt, options }: { prompt: AsyncIterable<{ message: { content: string } }>; options: QueryOptions }): SdkQuery => {
    async function* live(): AsyncGenerator<SdkMessage> {
      yield { type: 'system', subtype: 'init', session_id: 'session-1' };
      for await (const { message } of prompt) yield* turn(message.content, options);
    }
    return Object.assign(live(), { close: () => undefined });
  };
  const options = { ...(resume !== undefined && { resume }) } as QueryOptions;
  return {
    messages,
    outputs,
    warnings,
    steps,
    run: async () => converse({ sdk: { query }, messages, options, emit: (output) => outputs.push(output), warn: (message) => warnings.push(message), show: (step) => steps.push(step), now: () => new Date(0), outOfMemory: () => outOfMemory }),
  };
}

const answer = (text: string): SdkMessage[] => [
  { type: 'assistant', session_id: 'session-1' },
  { type: 'result', subtype: 'success', result: text, session_id: 'session-1' },
];

describe('a conversation', () => {
  it('gives one output per turn, with the session, and ends when its messages end', async () => {
    const { messages, outputs, run } = makeConversation((text) => answer(`You said ${text}`));
    messages.push('one');
    messages.push('two');
    messages.end();
    expect(await run()).toBe(true);
    expect(outputs).toEqual([
      { status: 'success', result: 'You said one', newSessionId: 'session-1' },
      { status: 'success', result: 'You said two', newSessionId: 'session-1' },
    ]);
  });

  it.each([
    ['by its memory limit', true, { error: expect.stringContaining('more memory than its limit') as string, cause: 'out_of_memory' }],
    ['by somebody', false, { error: 'Claude Code process terminated by signal SIGKILL' }],
  ])('ends with the reason when Claude Code is killed %s', async (_by, outOfMemory, said) => {
    const { messages, outputs, run } = makeConversation(
      () => {
        throw new Error('Claude Code process terminated by signal SIGKILL');
      },
      undefined,
      outOfMemory,
    );
    messages.push('one');
    expect(await run()).toBe(false);
    expect(outputs).toEqual([{ status: 'error', result: null, ...said }]);
  });

  it('gives no text for a turn that ended without one', async () => {
    const { messages, outputs, run } = makeConversation(() => answer(''));
    messages.push('one');
    messages.end();
    await run();
    expect(outputs).toEqual([{ status: 'success', result: null, newSessionId: 'session-1' }]);
  });

  it('shows what the agent says on the way and which tools it calls, without what is internal', async () => {
    const says = (...content: readonly SdkBlock[]): SdkMessage => ({ type: 'assistant', message: { content } });
    const { messages, steps, run } = makeConversation(() => [
      says({ type: 'thinking' }, { type: 'text', text: 'Let me look.<internal>at\nthe board</internal>' }),
      says({ type: 'tool_use', name: 'Bash' }),
      says({ type: 'text', text: '<internal>nothing</internal>' }),
      ...answer('Done'),
    ]);
    messages.push('one');
    messages.end();
    await run();
    expect(steps).toEqual(['Let me look.', '[Bash]']);
  });

  it('ends with an error that says what went wrong, and takes nothing more', async () => {
    const { messages, outputs, run } = makeConversation(() => [{ type: 'result', subtype: 'error_during_execution', is_error: true, errors: ['the disk is full'] }]);
    messages.push('one');
    messages.push('two');
    expect(await run()).toBe(false);
    expect(outputs).toEqual([{ status: 'error', result: null, error: 'the disk is full' }]);
  });

  it('takes a refusal of the API for an error, though the turn says success', async () => {
    const { messages, outputs, run } = makeConversation(() => [
      { type: 'assistant', session_id: 'session-1' },
      { type: 'result', subtype: 'success', is_error: true, result: 'Invalid API key', session_id: 'session-1' },
    ]);
    messages.push('one');
    expect(await run()).toBe(false);
    expect(outputs).toEqual([{ status: 'error', result: null, newSessionId: 'session-1', error: 'Invalid API key' }]);
  });

  it('begins anew, once, when the conversation to continue is gone, and says everything again', async () => {
    const { messages, outputs, warnings, run } = makeConversation((text, { resume }) => {
      if (resume !== undefined) throw new Error('No conversation found with session ID: old');
      return answer(`You said ${text}`);
    }, 'old');
    messages.push('one');
    messages.push('two');
    messages.end();
    expect(await run()).toBe(true);
    expect(outputs.map(({ result }) => result)).toEqual(['You said one', 'You said two']);
    expect(warnings).toEqual(['The earlier conversation is gone; a new one begins.']);
  });

  it('ends when the API refuses the key again, instead of asking for minutes; and waits for an API that is only busy', async () => {
    const refused = (attempt: number, status: number): SdkMessage => ({ type: 'system', subtype: 'api_retry', attempt, retry_delay_ms: 2000, error_status: status });
    const wrongKey = makeConversation(() => [refused(1, 401), refused(2, 401), ...answer('too late')]);
    wrongKey.messages.push('one');
    expect(await wrongKey.run()).toBe(false);
    expect(wrongKey.outputs).toEqual([{ status: 'error', result: null, error: expect.stringContaining('refuses the credentials') }]);
    const busy = makeConversation(() => [refused(1, 529), refused(2, 529), refused(3, 529), ...answer('at last')]);
    busy.messages.push('one');
    busy.messages.end();
    expect(await busy.run()).toBe(true);
    expect(busy.outputs).toMatchObject([{ result: 'at last' }]);
    expect(busy.warnings[0]).toBe('The API answered 529; it is asked again in 2 s.');
  });

  it('does not repeat itself for any other reason', async () => {
    let turns = 0;
    const { messages, outputs, run } = makeConversation(() => {
      turns += 1;
      throw new Error('the engine broke');
    }, 'old');
    messages.push('one');
    expect(await run()).toBe(false);
    expect([turns, outputs]).toEqual([1, [{ status: 'error', result: null, error: 'the engine broke' }]]);
  });
});

describe('the messages of a conversation', () => {
  it('are waited for, and end the conversation when they are over', async () => {
    const messages = new MessageStream();
    const heard: string[] = [];
    const listening = (async () => {
      for await (const { message } of messages) heard.push(message.content);
    })();
    messages.push('first');
    await new Promise((resolve) => void setImmediate(resolve));
    messages.push('second');
    messages.end();
    await listening;
    expect(heard).toEqual(['first', 'second']);
  });

  it('go to the newest listener alone, from the first one on', async () => {
    const messages = new MessageStream();
    messages.push('first');
    const old = messages[Symbol.asyncIterator]();
    await old.next();
    const waiting = old.next();
    const fresh = messages[Symbol.asyncIterator]();
    expect((await fresh.next()).value).toMatchObject({ message: { content: 'first' } });
    messages.push('second');
    expect((await fresh.next()).value).toMatchObject({ message: { content: 'second' } });
    expect((await waiting).done).toBe(true);
  });
});

describe('an output (RUNNER-01)', () => {
  it('stands on one line between its markers, whatever the text holds', () => {
    const text = formatOutput({ status: 'success', result: `two\nlines ${OUTPUT_END}` });
    expect(text.split('\n')).toEqual([OUTPUT_START, expect.stringContaining('two\\nlines'), OUTPUT_END, '']);
  });
});
