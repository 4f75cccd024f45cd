import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EGRESS_SOCKET } from '../../../main/agents/container-spec.ts';
import { Egress, type EgressWay } from '../../../main/agents/egress.ts';

describe.skipIf(process.platform === 'win32')('the way out of a restricted network', () => {
  const installId = `test-${process.pid}`;
  let refused: string[];
  let way: EgressWay;
  let allowedAt: string;
  const far = createServer((asked, response) => {
    asked.on('data', () => undefined);
    asked.on('end', () => response.end(`${asked.method} ${asked.url} ${String(asked.headers['x-mine'])}`));
  });
  beforeEach(async () => {
    refused = [];
    far.listen(0, '127.0.0.1');
    await once(far, 'listening');
    allowedAt = `127.0.0.1:${(far.address() as AddressInfo).port}`;
    way = await new Egress({ installId, allowed: [allowedAt], refused: (destination) => refused.push(destination) }).open();
  });
  afterEach(async () => {
    await way.close();
    far.close();
  });

  async function ask(path: string, method = 'GET'): Promise<string> {
    const asked = request({ socketPath: join(way.dir, EGRESS_SOCKET), method, path, headers: { 'x-mine': 'kept', 'proxy-connection': 'keep-alive' } });
    const answer = new Promise<string>((resolve) => {
      asked.on('response', (response) => void text(response).then((body) => resolve(`${response.statusCode} ${body.split('\n')[0]}`)));
      asked.on('connect', (response, socket) => {
        socket.destroy();
        resolve(`${response.statusCode}`);
      });
      asked.on('error', (error) => resolve(error.message));
    });
    asked.end(method === 'POST' ? 'a body' : undefined);
    return answer;
  }

  it('requests to an allowed host go through whole', async () => {
    expect(await ask(`http://${allowedAt}/v1/messages?x=1`, 'POST')).toBe('200 POST /v1/messages?x=1 kept');
    expect(await ask(allowedAt, 'CONNECT')).toBe('200');
    expect(refused).toEqual([]);
  });

  it.each([
    ['http://127.0.0.1:1/', 'GET', '127.0.0.1:1'],
    ['127.0.0.1:1', 'CONNECT', '127.0.0.1:1'],
    ['http://user:pass@example.org/', 'GET', 'example.org:80'],
    ['/plain/path', 'GET', '/plain/path'],
    ['ftp://example.org/', 'GET', 'example.org:80'],
  ])('%s by %s is refused and told', async (path, method, destination) => {
    expect(await ask(path, method)).toMatch(/^403/);
    expect(refused).toEqual([destination]);
  });

  it('each destination is told once, however often it is asked for', async () => {
    for (let times = 0; times < 5; times += 1) await ask('example.org:443', 'CONNECT');
    expect(refused).toEqual(['example.org:443']);
  });

  it('an allowed host that does not answer is said so', async () => {
    far.close();
    expect(await ask(`http://${allowedAt}/`)).toMatch(/^502/);
    expect(await ask(allowedAt, 'CONNECT')).toBe('502');
  });

  it('nothing is left when it is closed, nor of one that a crash left behind', async () => {
    const egress = new Egress({ installId: `${installId}-crashed`, allowed: [], refused: () => undefined });
    const left = await egress.open();
    egress.sweep();
    expect(existsSync(left.dir)).toBe(false);
    expect(existsSync(way.dir)).toBe(true);
    await left.close();
    await way.close();
    expect(existsSync(way.dir)).toBe(false);
  });
});
