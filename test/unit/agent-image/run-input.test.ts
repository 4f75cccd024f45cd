import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstPrompt, instructions } from '../../../resources/agent/src/instructions.ts';
import { INPUT_MARKER, readAgentInput } from '../../../resources/agent/src/run-input.ts';

const input = { prompt: 'Hello', groupFolder: 'family', chatJid: 'console:family' };

describe('what the agent reads from stdin', () => {
  it('is the document after the marker, whatever an engine put in front of it', () => {
    const prefixes = ['', '{}', '{"stream":true,"stdin":true}', 'noise\n\n'];
    for (const prefix of prefixes) {
      expect(readAgentInput(`${prefix}${INPUT_MARKER}\n${JSON.stringify(input)}\n`)).toMatchObject({ prompt: 'Hello', chatJid: 'console:family' });
    }
  });

  it('is all of it without a marker, as nanoclaw writes it', () => {
    expect(readAgentInput(JSON.stringify({ ...input, sessionId: 's1', isMain: true, isScheduledTask: true, assistantName: '앤디', secrets: { ANTHROPIC_API_KEY: 'k' } }))).toEqual({
      ...input,
      sessionId: 's1',
      isMain: true,
      isScheduledTask: true,
      assistantName: '앤디',
      secrets: { ANTHROPIC_API_KEY: 'k' },
    });
  });

  it('begins a new conversation and grants nothing where fields are missing', () => {
    expect(readAgentInput(JSON.stringify(input))).toEqual({ ...input, sessionId: null, isMain: false, isScheduledTask: false, assistantName: 'Andy', secrets: {} });
    expect(readAgentInput(JSON.stringify({ ...input, isMain: 'true', sessionId: '' }))).toMatchObject({ isMain: false, sessionId: null });
  });

  it.each([
    ['nothing', '', 'stdin holds no JSON document'],
    ['only a prefix', '{"stream":', `no line ${INPUT_MARKER}`],
    ['a list', '[]', 'not a JSON object'],
    ['no prompt', '{}', 'prompt must be a text'],
    ['an empty prompt', JSON.stringify({ ...input, prompt: '' }), 'prompt must be a text'],
    ['a number as session', JSON.stringify({ ...input, sessionId: 7 }), 'sessionId must be a text'],
    ['secrets as a list', JSON.stringify({ ...input, secrets: ['sk-secret'] }), 'secrets must be an object'],
    ['a secret under an odd name', JSON.stringify({ ...input, secrets: { 'x; rm -rf /': 'sk-secret' } }), 'secrets must map'],
  ])('is refused when it is %s, without quoting it', (_, text, reason) => {
    expect(() => readAgentInput(text)).toThrow(reason);
    expect(() => readAgentInput(text)).not.toThrow('sk-secret');
  });
});

describe('whatever comes on stdin', () => {
  it('is a whole input or an error with a sentence, 10,000 times', () => {
    const json = fc.jsonValue({ maxDepth: 2 });
    const field = fc.oneof(fc.string(), json);
    const near = fc.record({ prompt: field, groupFolder: field, chatJid: field, sessionId: field, secrets: fc.oneof(fc.dictionary(fc.string(), field), field) }, { requiredKeys: [] });
    const stdin = fc.oneof(fc.string(), json.map((value) => JSON.stringify(value)), near.map((value) => `{}${INPUT_MARKER}\n${JSON.stringify(value)}`));
    const property = fc.property(stdin, (text) => {
      try {
        return readAgentInput(text).prompt !== '';
      } catch (error) {
        return /^(stdin holds|the input is|\w+ must)/.test((error as Error).message);
      }
    });
    fc.assert(property, { numRuns: 10_000 });
  });
});

describe('what the agent is told', () => {
  it('tells a scheduled task from what somebody wrote', () => {
    const read = readAgentInput(JSON.stringify(input));
    expect(firstPrompt(read)).toBe('Hello');
    expect(firstPrompt({ ...read, isScheduledTask: true })).toMatch(/^\[This is a scheduled task[^\n]*\]\n\nHello$/);
  });

  it('names itself and its chat, and adds the shared memory of groups other than the main one', () => {
    const read = readAgentInput(JSON.stringify({ ...input, assistantName: '앤디' }));
    expect(instructions(read, 'We water on Mondays.')).toMatch(/You are 앤디[^]*console:family[^]*We water on Mondays\.$/);
    expect(instructions(read, null)).not.toContain('available_groups.json');
    expect(instructions({ ...read, isMain: true }, null)).toContain('available_groups.json');
  });
});
