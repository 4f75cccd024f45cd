import { describe, expect, test } from 'vitest';
import { TOOLS } from '../../../../main/server/mcp/tools.ts';
import { toWireTool } from '../../../../main/server/mcp/tool-schemas.ts';

const ROLES = ['FE', 'BE'];
type Schema = { readonly properties: Record<string, Record<string, unknown>>; readonly required?: readonly string[]; readonly additionalProperties?: boolean };
const inputOf = (name: string, kind: 'session' | 'shared-key'): Schema =>
  toWireTool(TOOLS.find((tool) => tool.name === name)!, ROLES, kind).inputSchema as unknown as Schema;

/** Seed 001: the name of each tool and of its arguments, in order; a default makes an argument optional. */
const SEED: Record<string, { readonly needed: readonly string[]; readonly optional: readonly string[] }> = {
  post_message: { needed: ['from_role', 'to_role', 'body'], optional: ['thread_id'] },
  read_inbox: { needed: ['role'], optional: ['after_id', 'mark_read'] },
  create_task: { needed: ['created_by', 'title', 'assignee_role'], optional: ['detail'] },
  claim_task: { needed: ['role', 'task_id'], optional: [] },
  update_task: { needed: ['role', 'task_id'], optional: ['status', 'note'] },
  list_tasks: { needed: [], optional: ['status', 'assignee_role'] },
  acquire_lock: { needed: ['role', 'resource'], optional: ['ttl_sec'] },
  release_lock: { needed: ['role', 'resource'], optional: [] },
  heartbeat_lock: { needed: ['role', 'resource'], optional: ['ttl_sec'] },
  list_locks: { needed: [], optional: [] },
  team_log: { needed: [], optional: ['after_id'] },
};

describe('the table of tools', () => {
  test('holds the eleven of seed 001 and at most twenty in all', () => {
    const names = TOOLS.map((tool) => tool.name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(SEED)));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeLessThanOrEqual(20);
  });

  test.each(Object.entries(SEED))('%s takes the arguments of the seed; what is new is optional', (name, { needed, optional }) => {
    const { properties, required = [] } = inputOf(name, 'shared-key');
    expect([...required].sort()).toEqual([...needed].sort());
    expect(Object.keys(properties)).toEqual(expect.arrayContaining([...needed, ...optional]));
  });

  test.each(TOOLS.map((tool) => [tool.name, tool] as const))('%s is described, annotated and strict', (name, tool) => {
    const { title, description, annotations, outputSchema, inputSchema } = toWireTool(tool, ROLES, 'session');
    expect(title!.length).toBeGreaterThan(3);
    expect(description!.length).toBeGreaterThan(10);
    expect(description!.length).toBeLessThan(160);
    expect(annotations).toMatchObject({ readOnlyHint: expect.any(Boolean), idempotentHint: expect.any(Boolean), openWorldHint: false });
    expect(outputSchema).toMatchObject({ type: 'object' });
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(inputOf(name, 'session').required ?? []).not.toContain(tool.roleArgument);
  });

  test('every tool that changes something takes an idempotency key', () => {
    const without = TOOLS.filter((tool) => tool.annotations.readOnlyHint === false && !('idempotency_key' in tool.input.shape)).map((tool) => tool.name);
    // Reading marks messages as delivered; doing it twice changes nothing more.
    expect(without).toEqual(['read_inbox']);
  });

  test('the whole list costs a client less than 14 kB without output schemas', () => {
    const list = TOOLS.map((tool) => {
      const { outputSchema: _, ...rest } = toWireTool(tool, ['FE', 'BE', 'AI', 'Producer'], 'session');
      return rest;
    });
    expect(JSON.stringify(list).length).toBeLessThan(14_000);
  });
});

describe('the schemas that clients see', () => {
  test('name the roles, and an empty role where a filter may be empty', () => {
    expect(inputOf('post_message', 'session').properties['to_role']).toMatchObject({ enum: ROLES });
    expect(inputOf('list_tasks', 'session').properties['assignee_role']).toMatchObject({ enum: ['', ...ROLES] });
  });

  test('use no lists of types, no empty schemas and no bounds that say nothing', () => {
    const text = JSON.stringify(TOOLS.map((tool) => toWireTool(tool, ROLES, 'session')));
    expect(text).not.toMatch(/"type":\[/);
    expect(text).not.toMatch(/"additionalProperties":\{\}/);
    expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });
});
