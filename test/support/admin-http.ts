import type { OwnerProof } from '../../main/access/owner-proof.ts';
import type { TestCore } from './start-core.ts';

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>> & { readonly status?: string; readonly error?: { readonly code: string; readonly details: unknown; readonly retryable: boolean } };
}

export interface AdminRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as the Authorization of an owner. */
  readonly proof?: OwnerProof;
}

/** Requests to the administration of a core as a program with the master password makes them. */
export function adminOf(rig: Pick<TestCore, 'url' | 'localKey'>) {
  const send = async (method: string, path: string, { body, headers = {}, proof }: AdminRequest = {}): Promise<JsonAnswer> => {
    const response = await fetch(rig.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(proof !== undefined && { authorization: `Bearer ${Buffer.from(JSON.stringify(proof)).toString('base64url')}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as JsonAnswer['body'] };
  };
  const post = async (path: string, request: AdminRequest = {}): Promise<JsonAnswer> => send('POST', path, { body: {}, ...request });
  /** As the person at the machine: the key of the command line. */
  const asPerson = { authorization: `Bearer ${rig.localKey}` };
  return { send, post, asPerson, get: async (path: string) => send('GET', path) };
}

/** `status code`, as a table of cases says it. */
export function outcome({ status, body }: JsonAnswer): string {
  return `${status} ${body.error?.code ?? body.status ?? ''}`.trim();
}
