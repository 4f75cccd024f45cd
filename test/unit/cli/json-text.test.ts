import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { removeMember, setMember } from '../../../main/cli/mcp-setup/json-text.ts';

const set = (text: string): string => setMember(text, ['mcpServers'], 'wheelhouse', { type: 'http' });
const remove = (text: string): string => removeMember(text, ['mcpServers'], 'wheelhouse');

describe('setting a member of a JSON text', () => {
  it('appends after the last member in the file’s own indentation', () => {
    const before = '{\n\t"mcpServers": {\n\t\t"other": { "command": "x", "args": ["a", "b"] }\n\t},\n\t"z": 1\n}\n';
    expect(set(before)).toBe(
      '{\n\t"mcpServers": {\n\t\t"other": { "command": "x", "args": ["a", "b"] },\n\t\t"wheelhouse": {\n\t\t\t"type": "http"\n\t\t}\n\t},\n\t"z": 1\n}\n',
    );
  });

  it('makes the objects on the way', () => {
    expect(set('{}')).toBe('{\n  "mcpServers": {\n    "wheelhouse": {\n      "type": "http"\n    }\n  }\n}');
  });

  it('stays on one line in an object of one line', () => {
    expect(set('{"mcpServers":{"a":1}}')).toBe('{"mcpServers":{"a":1, "wheelhouse": {"type":"http"}}}');
  });

  it('replaces only the value of a member that is there', () => {
    const before = '{"mcpServers": {"wheelhouse": [1, {"}": "]"}], "z": 2}}';
    expect(JSON.parse(set(before))).toEqual({ mcpServers: { wheelhouse: { type: 'http' }, z: 2 } });
    expect(set(before)).toContain(', "z": 2}}');
  });

  it('keeps CRLF line ends', () => {
    expect(set('{\r\n  "a": 1\r\n}\r\n').replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe('removing a member of a JSON text', () => {
  it('leaves a text without it as it is', () => {
    for (const text of ['{}', '{"mcpServers": 3}', '{"mcpServers": {"a": 1}}']) expect(remove(text)).toBe(text);
  });

  it('takes the comma of the first, a middle and the last member with it', () => {
    expect(remove('{"mcpServers": {"wheelhouse": 1, "b": 2}}')).toBe('{"mcpServers": {"b": 2}}');
    expect(remove('{"mcpServers": {"a": 1, "wheelhouse": {"x": "},"}, "b": 2}}')).toBe('{"mcpServers": {"a": 1, "b": 2}}');
    expect(remove('{"mcpServers": {"a": 1, "wheelhouse": 1}}')).toBe('{"mcpServers": {"a": 1}}');
  });
});

describe('setting and removing', () => {
  const texts = fc
    .tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 1, 2, 4, '\t'), fc.boolean(), fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }))
    .map(([top, indent, crlf, servers]) => {
      const text = JSON.stringify({ ...top, mcpServers: servers }, null, indent);
      return crlf ? text.replaceAll('\n', '\r\n') : text;
    });

  it('means the same as doing it to the parsed value, and changes no other character', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = JSON.parse(text) as { mcpServers: Record<string, unknown> };
        const changed = set(text);
        expect(JSON.parse(changed)).toEqual({ ...parsed, mcpServers: { ...parsed.mcpServers, wheelhouse: { type: 'http' } } });
        if (!Object.hasOwn(parsed.mcpServers, 'wheelhouse')) expect(remove(changed)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
