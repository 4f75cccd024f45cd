import type { Tool as WireTool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Identity } from '../identity.ts';
import type { Tool } from './tools.ts';

type JsonObject = Record<string, unknown>;

/** Arguments and results that hold the name of a role. */
const ROLE_ARGUMENTS: ReadonlySet<string> = new Set(['to_role', 'assignee_role']);

/** What zod states everywhere and what the instructions say once: every client would pay for it in tokens. */
function dropNoise(schema: JsonObject): void {
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['minLength'] === 0) delete schema['minLength'];
}

function toJson(schema: z.ZodType): JsonObject {
  const json = z.toJSONSchema(schema, { io: 'input', reused: 'inline', override: ({ jsonSchema }) => dropNoise(jsonSchema as JsonObject) });
  const { $schema: _, ...rest } = json as JsonObject;
  return rest;
}

/** The argument in which the caller names itself, first in the list as in seed 001. */
function roleProperty(roles: readonly string[], kind: Identity['kind']): JsonObject {
  return { type: 'string', enum: roles, description: kind === 'session' ? 'Your role; may be left out.' : 'Your role.' };
}

/** Names the roles where one is asked for, where an empty filter means "any" (seed 001), and leaves out what the instructions say. */
function ownProperties(properties: JsonObject, required: readonly string[], roles: readonly string[]): JsonObject {
  const named = Object.entries(properties).map(([name, schema]) => {
    if (name === 'idempotency_key') return [name, { type: 'string', maxLength: 200 }];
    if (!ROLE_ARGUMENTS.has(name)) return [name, schema];
    return [name, { type: 'string', enum: required.includes(name) ? roles : ['', ...roles] }];
  });
  return Object.fromEntries(named) as JsonObject;
}

/** A tool as `tools/list` shows it to callers of this kind. Costly: make it once. */
export function toWireTool(tool: Tool, roles: readonly string[], kind: Identity['kind']): WireTool {
  const input = toJson(tool.input);
  const required = (input['required'] ?? []) as readonly string[];
  const needed = tool.needsRole && kind === 'shared-key' ? [tool.roleArgument, ...required] : required;
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: {
      type: 'object',
      properties: { [tool.roleArgument]: roleProperty(roles, kind), ...ownProperties(input['properties'] as JsonObject, required, roles) },
      ...(needed.length > 0 && { required: [...needed] }),
      additionalProperties: false,
    } as WireTool['inputSchema'],
    outputSchema: toJson(tool.output),
    annotations: tool.annotations,
  };
}
