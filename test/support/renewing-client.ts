/**
 * A client that renews its session and then hangs before it has kept the new token: `URL SESSION`, the token as the first
 * line of its stdin. Prints one JSON line when the answer has arrived.
 */
import { once } from 'node:events';

const [url = '', sessionId = ''] = process.argv.slice(2);
const [first] = (await once(process.stdin, 'data')) as [Buffer];
const response = await fetch(`${url}/v1/sessions/${sessionId}/renew`, { method: 'PUT', headers: { authorization: `Bearer ${first.toString('utf-8').trim()}` } });
await response.text();
process.stdout.write(`${JSON.stringify({ status: response.status })}\n`);
setInterval(() => undefined, 60_000);
