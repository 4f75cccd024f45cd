import { readLines } from './lines.ts';

/** The data of each event in a `text/event-stream`; events without data and comments are passed over. */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of readLines(body)) {
    if (line === null) throw new Error('an event of the core is too long');
    if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
    if (line !== '') continue;
    const text = data.join('\n');
    data = [];
    if (text !== '') yield text;
  }
}
