/** The baseline: what a server on the bare SDK and the same HTTP adapter does with a tool that only answers. */
import { createAdaptorServer } from '@hono/node-server';
import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'echo', version: '0' });
  server.registerTool('echo', { description: 'Answers with its argument.', inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
  return server;
});

const server = createAdaptorServer({ fetch: (request) => handler.fetch(request) });
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
