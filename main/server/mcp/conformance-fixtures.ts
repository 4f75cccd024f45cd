import { ResourceTemplate, completable, fromJsonSchema, type McpServer } from '@modelcontextprotocol/server';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** One red pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** A WAV header without samples. */
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
/** The suite asks for a moment between the notifications of one call. */
const STEP_MS = 50;

/** Keywords of JSON Schema 2020-12 that must reach the client unchanged. */
const CONTACT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

const text = (value: string) => ({ type: 'text' as const, text: value });
const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' };

/** Tells listeners that a list changed, as the diagnostic tools of the suite ask for. */
export interface ListChanges {
  toolsChanged(): void;
  promptsChanged(): void;
}

/** The tools of the official suite that only return content, log or report progress. */
export function registerContentTools(server: McpServer, changes: ListChanges): void {
  const tool = server.registerTool.bind(server);
  tool('test_simple_text', { description: 'Returns text.' }, () => ({ content: [text('This is a simple text response for testing.')] }));
  tool('test_image_content', { description: 'Returns an image.' }, () => ({ content: [image] }));
  tool('test_audio_content', { description: 'Returns audio.' }, () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }));
  tool('test_embedded_resource', { description: 'Returns an embedded resource.' }, () => ({
    content: [{ type: 'resource', resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' } }],
  }));
  tool('test_multiple_content_types', { description: 'Returns text, an image and a resource.' }, () => ({
    content: [
      text('Multiple content types test:'),
      image,
      {
        type: 'resource',
        resource: { uri: 'test://mixed-content-resource', mimeType: 'application/json', text: JSON.stringify({ test: 'data', value: 123 }) },
      },
    ],
  }));
  tool('test_error_handling', { description: 'Fails always.' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  const logging = async (log: (message: string) => Promise<void>) => {
    await log('Tool execution started');
    await pause(STEP_MS);
    await log('Tool processing data');
    await pause(STEP_MS);
    await log('Tool execution completed');
    return { content: [text('Logged three lines.')] };
  };
  tool('test_tool_with_logging', { description: 'Logs three lines.' }, (ctx) => logging((line) => ctx.mcpReq.log('info', line)));
  tool('test_logging_tool', { description: 'Logs three lines.' }, (ctx) => logging((line) => ctx.mcpReq.log('info', line)));
  tool('test_tool_with_progress', { description: 'Reports progress three times.' }, async (ctx) => {
    const { _meta: meta } = ctx.mcpReq;
    const progressToken = meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      }
      await pause(STEP_MS);
    }
    return { content: [text('Reported progress.')] };
  });
  tool('json_schema_2020_12_tool', { description: 'Tool with JSON Schema 2020-12 features', inputSchema: fromJsonSchema(CONTACT_SCHEMA) }, () => ({
    content: [text('ok')],
  }));
  tool(
    'test_header_argument',
    { description: 'Takes an argument that is repeated in a header.', inputSchema: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }) },
    ({ region }) => ({ content: [text(`Region: ${region}`)] }),
  );
  tool('test_trigger_tool_change', { description: 'Announces a changed tool list.' }, () => {
    changes.toolsChanged();
    return { content: [text('Announced.')] };
  });
  tool('test_trigger_prompt_change', { description: 'Announces a changed prompt list.' }, () => {
    changes.promptsChanged();
    return { content: [text('Announced.')] };
  });
}

/** The resources of the official suite. */
export function registerFixtureResources(server: McpServer): void {
  server.registerResource('static-text', 'test://static-text', { description: 'Fixed text.', mimeType: 'text/plain' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }],
  }));
  server.registerResource('static-binary', 'test://static-binary', { description: 'A fixed image.', mimeType: 'image/png' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'image/png', blob: PNG }],
  }));
  server.registerResource('watched', 'test://watched-resource', { description: 'May be subscribed to.', mimeType: 'text/plain' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'Watched.' }],
  }));
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource('template', template, { description: 'Data for an id.', mimeType: 'application/json' }, (uri, { id }) => ({
    contents: [
      { uri: uri.href, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }) },
    ],
  }));
}

/** The prompts of the official suite that need no input from the client. */
export function registerFixturePrompts(server: McpServer): void {
  const user = <C>(content: C) => ({ role: 'user' as const, content });
  server.registerPrompt('test_simple_prompt', { description: 'A fixed prompt.' }, () => ({
    messages: [user(text('This is a simple prompt for testing.'))],
  }));
  const word = (about: string) =>
    completable(z.string().describe(about), (start) => ['paris', 'park', 'party'].filter((value) => value.startsWith(start)));
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'A prompt with two arguments.', argsSchema: z.object({ arg1: word('First test argument'), arg2: word('Second test argument') }) },
    ({ arg1, arg2 }) => ({ messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))] }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'A prompt with a resource in it.', argsSchema: z.object({ resourceUri: z.string().describe('URI of the resource') }) },
    ({ resourceUri: uri }) => ({
      messages: [
        user({ type: 'resource' as const, resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' } }),
        user(text('Please process the embedded resource above.')),
      ],
    }),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'A prompt with an image in it.' }, () => ({
    messages: [user(image), user(text('Please analyze the image above.'))],
  }));
}
