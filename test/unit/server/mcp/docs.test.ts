import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERRORS } from '../../../../main/base/errors.ts';
import { TOOLS } from '../../../../main/server/mcp/tools.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/mcp.md'), 'utf-8');
const words = (text: string): string[] => [...text.matchAll(/`([a-z_]+)`/g)].map(([, word]) => word!);
const rows = new Map([...page.matchAll(/^\| `([a-z_]+)` \| `([a-z_]+)`( \*)? \|([^|]*)\|/gm)].map(([, name, role, free, args]) => [name!, { role, free: free !== undefined, args: words(args!) }]));

describe('docs/mcp.md', () => {
  test.each(TOOLS.map((tool) => [tool.name, tool] as const))('says of %s which arguments it takes', (name, tool) => {
    const row = rows.get(name);
    expect(row?.role).toBe(tool.roleArgument);
    expect(row?.free).toBe(!tool.needsRole);
    expect(row?.args.toSorted()).toEqual(Object.keys(tool.input.shape).filter((argument) => argument !== 'idempotency_key').toSorted());
  });

  test('knows no other tools, and only codes that there are', () => {
    expect([...rows.keys()].toSorted()).toEqual(TOOLS.map((tool) => tool.name).toSorted());
    const codes = [...page.slice(page.indexOf('| Code |')).matchAll(/`([A-Z]+_[A-Z_]+|FORBIDDEN|DEADLOCK|INTERNAL)`/g)].map(([, code]) => code!);
    expect(codes.filter((code) => !(code in ERRORS))).toEqual([]);
    expect(codes.length).toBeGreaterThan(15);
  });
});
