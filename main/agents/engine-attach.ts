import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { EngineAddress } from './engine-address.ts';

/**
 * Opens stdin and both outputs of a container as one stream: what is written goes to stdin, what is read are frames.
 *
 * Not by dockerode: it writes its options as a body before the upgrade, or announces one in chunks, and Podman hands those
 * bytes to the container's stdin in front of ours. A request without a body leaves nothing to hand on.
 */
export async function attachTo(address: EngineAddress, containerId: string): Promise<Duplex> {
  const path = `/containers/${encodeURIComponent(containerId)}/attach?stream=1&stdin=1&stdout=1&stderr=1`;
  const headers = { host: 'localhost', connection: 'Upgrade', upgrade: 'tcp', 'content-length': '0' };
  const common = { method: 'POST', path, headers, agent: false } as const;
  const request =
    address.kind === 'socket'
      ? httpRequest({ ...common, socketPath: address.path })
      : address.tls === null
        ? httpRequest({ ...common, host: address.host, port: address.port })
        : httpsRequest({ ...common, ...address.tls, host: address.host, port: address.port });
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('upgrade', (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.once('response', (response) => {
      // Without an upgrade the engine explains itself, as for a container that is gone.
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('end', () => reject(Object.assign(new Error(`attaching was refused: ${body.trim()}`), { statusCode: response.statusCode })));
    });
    request.end();
  });
}
