import { readRequestBody } from '@modelcontextprotocol/server';

export type BodyRead = { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'too-large' | 'not-json' | 'broken' };

/**
 * Reads the body once, as JSON. With a declared length the HTTP parser already holds the sender to it, so the whole
 * text is read in one go; without one (chunked) it is counted while it arrives.
 */
export async function readJsonBody(request: Request, maxBytes: number): Promise<BodyRead> {
  const declared = request.headers.get('content-length');
  let text: string;
  try {
    if (declared !== null && Number(declared) <= maxBytes) {
      text = await request.text();
    } else {
      const read = await readRequestBody(request, maxBytes);
      if (read.tooLarge) return { kind: 'too-large' };
      text = read.text;
    }
  } catch {
    return { kind: 'broken' };
  }
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'not-json' };
  }
}
