import { InMemoryTransport, Server } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { ServerPool } from '../../../../main/server/mcp/server-pool.ts';

function makePool() {
  const made: string[] = [];
  const pool = new ServerPool((instructions) => {
    made.push(instructions);
    return new Server({ name: 'test', version: '0' }, { instructions });
  });
  return { pool, made };
}

/** One exchange with the instance, as the wire does it. */
async function serve(server: Server): Promise<void> {
  const [transport] = InMemoryTransport.createLinkedPair();
  await server.connect(transport);
  await server.close();
}

test('an instance is used again after its exchange, for the same instructions only', async () => {
  const { pool, made } = makePool();
  const first = pool.take('for BE');
  await serve(first);
  expect(pool.take('for FE')).not.toBe(first);
  expect(pool.take('for BE')).toBe(first);
  expect(made).toEqual(['for BE', 'for FE']);
});

test('two requests at once never share an instance', async () => {
  const { pool } = makePool();
  const [first, second] = [pool.take('x'), pool.take('x')];
  expect(first).not.toBe(second);
  await Promise.all([serve(first), serve(second)]);
  expect(new Set([pool.take('x'), pool.take('x'), pool.take('x')]).size).toBe(3);
});
