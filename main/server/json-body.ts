import { AppError } from '../base/errors.ts';

/**
 * The JSON body of a request; undefined when it is empty. The size is counted while reading, because a declared length
 * can be missing. Throws MEDIA_TYPE, BODY_TOO_LARGE, INPUT_INVALID.
 */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const text = await readText(request, maxBytes);
  if (text === '') return undefined;
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new AppError('MEDIA_TYPE', `The body must be application/json, it is ${type === undefined || type === '' ? 'not declared' : `'${type.slice(0, 60)}'`}.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('INPUT_INVALID', `The body is not valid JSON: ${(error as SyntaxError).message}`, {}, { cause: error });
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf-8');
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('BODY_TOO_LARGE', `The body may have ${maxBytes} bytes (server.max_body_kb).`, { limit: maxBytes });
}
