import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { EngineAddress } from './engine-address.ts';

/** Requests that dockerode cannot make as they are needed here; everything else goes through it. */

/**
 * Opens stdin and both outputs of a container as one stream: what is written goes to stdin, what is read are frames.
 * Dockerode writes its options as a body before the upgrade, or announces one in chunks, and Podman hands those bytes to
 * the container's stdin in front of ours. A request without a body leaves nothing to hand on.
 */
export async function attachTo(address: EngineAddress, containerId: string): Promise<Duplex> {
  const request = post(address, `/containers/${encodeURIComponent(containerId)}/attach?stream=1&stdin=1&stdout=1&stderr=1`, { connection: 'Upgrade', upgrade: 'tcp' });
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('upgrade', (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    // Without an upgrade the engine explains itself, as for a container that is gone.
    request.once('response', (response) => {
      readBody(response).then((body) => reject(refusal(response, body)), reject);
    });
    request.end();
  });
}

/**
 * Resolves with the exit code when the container has ended. Rejects when the engine goes away meanwhile, which dockerode
 * does not notice: there it would never settle.
 */
export async function exitCodeOf(address: EngineAddress, containerId: string): Promise<number> {
  const request = post(address, `/containers/${encodeURIComponent(containerId)}/wait`, {});
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', resolve);
    request.end();
  });
  const body = await readBody(response);
  if (response.statusCode !== 200) throw refusal(response, body);
  return (JSON.parse(body) as { StatusCode: number }).StatusCode;
}

function post(address: EngineAddress, path: string, headers: Readonly<Record<string, string>>): ClientRequest {
  // A connection of its own: it lasts as long as the container does.
  const options = { method: 'POST', path, headers: { host: 'localhost', 'content-length': '0', ...headers }, agent: false } as const;
  if (address.kind === 'socket') return httpRequest({ ...options, socketPath: address.path });
  const at = { ...options, host: address.host, port: address.port };
  return address.tls === null ? httpRequest(at) : httpsRequest({ ...at, ...address.tls });
}

async function readBody(response: IncomingMessage): Promise<string> {
  let body = '';
  response.setEncoding('utf8');
  for await (const text of response) body += text as string;
  return body;
}

function refusal({ statusCode }: IncomingMessage, body: string): Error {
  let message = body.trim();
  try {
    const { message: said, cause } = JSON.parse(body) as { message?: unknown; cause?: unknown };
    message = [said, cause].find((text): text is string => typeof text === 'string') ?? message;
  } catch {
    // Not JSON: shown as it is.
  }
  return Object.assign(new Error(message), { statusCode });
}
