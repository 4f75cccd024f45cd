import type { SdkMessage } from './sdk.ts';

const INTERNAL = /<internal>[^]*?<\/internal>/g;

/** What the agent says on the way and the names of the tools that it calls, for who watches. What is internal stays so. */
export function stepsOf({ type, message }: SdkMessage): readonly string[] {
  if (type !== 'assistant' || typeof message !== 'object' || typeof message.content === 'string') return [];
  return message.content.flatMap((block) => {
    if (block.type === 'tool_use') return [`[${String(block.name)}]`];
    const text = block.type === 'text' ? String(block.text).replace(INTERNAL, '').trim() : '';
    return text === '' ? [] : [text];
  });
}
