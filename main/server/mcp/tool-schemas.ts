import type { Tool as WireTool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Identity } from '../identity.ts';
import type { Tool } from './tools.ts';

type JsonObject = Record<string, unknown>;

/** Arguments and results that hold the name of a role. */
const ROLE_ARGUMENTS: ReadonlySet<string> = new Set(['to_role', 'assignee_role']);

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapValues(object: JsonObject, change: (value: unknown, key: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

/**
 * The same schema, fit for every client: without the bounds that zod states everywhere (they cost tokens), with "or null"
 * and "anything" in the form that the inspector's strict check calls portable.
 */
function simplify(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplify);
  if (!isObject(value)) return value;
  const { type, minimum, maximum, minLength, additionalProperties, ...rest } = value;
  const kept = mapValues(rest, (part, key) => (key === 'properties' && isObject(part) ? mapValues(part, simplify) : simplify(part)));
  if (Array.isArray(type)) kept['anyOf'] = type.map((each: unknown) => ({ type: each }));
  else if (type !== undefined) kept['type'] = simplify(type);
  if (minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER) kept['minimum'] = minimum;
  if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) kept['maximum'] = maximum;
  if (minLength !== undefined && minLength !== 0) kept['minLength'] = minLength;
  if (additionalProperties !== undefined) {
    kept['additionalProperties'] = isObject(additionalProperties) && Object.keys(additionalProperties).length === 0 ? true : simplify(additionalProperties);
  }
  return kept;
}

function toJson(schema: z.ZodType): JsonObject {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', reused: 'inline' });
  return simplify(json) as JsonObject;
}

/** The argument in which the caller names itself, first in the list as in seed 001. */
function roleProperty(roles: readonly string[], kind: Identity['kind']): JsonObject {
  return { type: 'string', enum: roles, description: kind === 'session' ? 'Your role; may be left out.' : 'Your role.' };
}

/** Names the roles where one is asked for, where an empty filter means "any" (seed 001), and leaves out what the instructions say. */
function ownProperties(properties: JsonObject, required: readonly string[], roles: readonly string[]): JsonObject {
  return mapValues(properties, (schema, name) => {
    if (name === 'idempotency_key') return { type: 'string', maxLength: 200 };
    if (!ROLE_ARGUMENTS.has(name)) return schema;
    return { type: 'string', enum: required.includes(name) ? roles : ['', ...roles] };
  });
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
