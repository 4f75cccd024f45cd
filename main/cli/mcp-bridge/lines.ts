/** Far above what the core accepts; a line without end must not fill the memory. */
const MAX_LINE_CHARS = 16 * 1024 * 1024;

/** The lines of a stream of UTF-8, wherever its chunks are cut. A line that is too long comes as null. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, maxChars = MAX_LINE_CHARS): AsyncGenerator<string | null> {
  const decoder = new TextDecoder();
  let rest = '';
  let tooLong = false;
  for await (const chunk of chunks) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    for (const [at, part] of parts.entries()) {
      const isOpen = at === parts.length - 1;
      tooLong ||= rest.length + part.length > maxChars;
      rest = tooLong ? '' : rest + part;
      if (isOpen) break;
      yield tooLong ? null : rest.replace(/\r$/, '');
      rest = '';
      tooLong = false;
    }
  }
  if (rest !== '') yield rest;
}
