import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';

/**
 * In a restricted network the container has nothing but a socket of Wheelhouse, which leads to the allowed hosts alone.
 * Programs know proxies by host and port only, so a port of this container leads there; HTTPS_PROXY names it already.
 * Null: the container has another kind of network, and nothing is done. Rejects when the port is taken.
 */
export async function openEgressBridge(env: NodeJS.ProcessEnv): Promise<Server | null> {
  const socketPath = env['WHEELHOUSE_EGRESS_SOCKET'];
  const port = Number(env['WHEELHOUSE_EGRESS_PORT']);
  if (socketPath === undefined || socketPath === '') return null;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: socketPath, allowHalfOpen: true });
    // Whichever side breaks first takes the other with it; who asked sees a broken connection.
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  server.listen(port, '127.0.0.1').unref();
  await once(server, 'listening');
  return server;
}
