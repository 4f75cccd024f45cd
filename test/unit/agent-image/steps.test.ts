import { describe, expect, it } from 'vitest';
import type { SdkMessage } from '../../../resources/agent/src/sdk.ts';
import { Steps } from '../../../resources/agent/src/steps.ts';

const begin: SdkMessage[] = [
  { type: 'stream_event', event: { type: 'message_start' }, parent_tool_use_id: null },
  { type: 'stream_event', event: { type: 'content_block_start', content_block: { type: 'text' } }, parent_tool_use_id: null },
];
const piece = (text: string, by: string | null = null): SdkMessage => ({ type: 'stream_event', event: { type: 'content_block_delta', delta: { type: 'text_delta', text } }, parent_tool_use_id: by });
const whole = (text: string, by: string | null = null): SdkMessage => ({ type: 'assistant', message: { content: [{ type: 'text', text }] }, parent_tool_use_id: by });

/** What is shown of these messages, when each comes so many ms after the one before. */
function shown(messages: readonly SdkMessage[], msApart = 1000): string[] {
  const said: string[] = [];
  let now = 0;
  const steps = new Steps((step) => said.push(step), () => (now += msApart));
  for (const message of messages) steps.take(message);
  return said;
}

describe('what the agent says while it says it', () => {
  it('is shown by whole lines and sentences, and nothing of it twice', () => {
    const pieces = ['The club', ' meets at six. Bring', ' a board.\n- chess', '\n- go'];
    expect(shown([...begin, ...pieces.map((text) => piece(text)), whole(pieces.join(''))])).toEqual(['The club meets at six.', 'Bring a board.', '- chess', '- go']);
  });

  it('is shown a few times a second, however fast it comes', () => {
    const words = Array.from({ length: 100 }, (_, index) => `Sentence ${index}. `);
    const said = shown([...begin, ...words.map((text) => piece(text)), whole(words.join(''))], 10);
    // A second of pieces, one per 300 ms and the rest at the end.
    expect(said).toHaveLength(5);
    expect(said.join(' ')).toBe(words.join('').trim());
  });

  it('never holds what is internal, wherever the pieces are cut', () => {
    const text = 'Yes. <internal>The key. is\nhere. </internal>Done. 1 < 2. <b>ok</b>';
    for (let at = 1; at < text.length; at += 1) {
      const said = shown([...begin, piece(text.slice(0, at)), piece(text.slice(at)), whole(text)]);
      expect(said.join(' ')).toBe('Yes. Done. 1 < 2. <b>ok</b>');
    }
    expect(shown([...begin, ...text.split('').map((letter) => piece(letter)), whole(text)]).join(' ')).toBe('Yes. Done. 1 < 2. <b>ok</b>');
  });

  it('is shown as a whole when it came in no pieces, came anew, or is that of a helper', () => {
    expect(shown([whole('All at once. Here.')])).toEqual(['All at once. Here.']);
    expect(shown([...begin, piece('Half of i'), whole('Another text. Here.')])).toEqual(['Another text. Here.']);
    expect(shown([...begin, piece('Mine. '), piece('Not mine. ', 'call-1'), whole('Theirs. ', 'call-1'), whole('Mine. And more.')])).toEqual(['Mine.', 'Theirs.', 'And more.']);
  });
});
