// Runs in a restricted container: opens the bridge of the image's runner and asks for each address through it.
import { request } from 'node:http';
import { openEgressBridge } from './agent/egress-bridge.ts';

const bridge = await openEgressBridge(process.env);
const { hostname, port } = new URL(process.env.HTTP_PROXY);
const asked = process.argv.slice(2);
const said = [];
for (const address of asked) said.push(await ask(address));
console.log(said.join(' '));
bridge.close();

/** As a client of a proxy does: CONNECT for https, the whole address for http. */
function ask(address) {
  const url = new URL(address);
  const tunnel = url.protocol === 'tunnel:';
  const options = tunnel ? { method: 'CONNECT', path: url.host } : { path: address, headers: { host: url.host } };
  return new Promise((resolve) => {
    const going = request({ hostname, port, agent: false, ...options });
    going.on('error', (error) => resolve(error.code));
    going.on('connect', (response, socket) => {
      if (response.statusCode !== 200) return resolve(response.statusCode);
      socket.on('data', (bytes) => {
        resolve(bytes.toString());
        socket.destroy();
      });
      socket.write('ping');
    });
    going.on('response', (response) => {
      let body = '';
      response.on('data', (bytes) => (body += bytes));
      response.on('end', () => resolve(`${response.statusCode}:${body.trim().replaceAll(' ', '_')}`));
    });
    going.end();
  });
}
