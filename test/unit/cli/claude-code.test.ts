import { describe, expect, it } from 'vitest';
import { serverEntry, withoutRoleBlock, withRoleBlock } from '../../../main/cli/mcp-setup/claude-code.ts';
import { withoutServer, withServer } from '../../../main/cli/mcp-setup/mcp-servers.ts';

const FILE = '/project/.mcp.json';
const ENTRY = serverEntry('http://127.0.0.1:3100/mcp', 'WHEELHOUSE_TOKEN');
const add = (before: string | null): string => withServer(before, ENTRY, FILE);

describe('the server in .mcp.json', () => {
  it('names the variable and holds no secret', () => {
    expect(JSON.parse(add(null))).toEqual({
      mcpServers: {
        wheelhouse: { type: 'http', url: 'http://127.0.0.1:3100/mcp', headers: { Authorization: 'Bearer ${WHEELHOUSE_TOKEN}' }, alwaysLoad: true },
      },
    });
  });

  it('keeps the other servers', () => {
    const before = '{"mcpServers": {"other": {"command": "x"}}}';
    expect(JSON.parse(add(before))).toMatchObject({ mcpServers: { other: { command: 'x' }, wheelhouse: ENTRY } });
  });

  it('changes nothing the second time', () => {
    expect(add(add('{"a": 1}'))).toBe(add('{"a": 1}'));
  });

  it('follows a changed address', () => {
    const moved = serverEntry('http://127.0.0.1:4100/mcp', 'WHEELHOUSE_TOKEN');
    expect(JSON.parse(withServer(add(null), moved, FILE))).toEqual({ mcpServers: { wheelhouse: moved } });
  });

  it.each([
    ['{ "mcpServers": ', /not valid JSON .*Repair it/],
    ['[]', /must hold one JSON object/],
    ['{"mcpServers": []}', /"mcpServers" .* must be an object/],
  ])('refuses %s and says so', (text, message) => {
    expect(() => add(text)).toThrow(message);
    expect(() => withoutServer(text, null, FILE)).toThrow(message);
  });
});

describe('taking the server out of .mcp.json', () => {
  it.each(['', '\n', '{}', '{ }\n', '{"mcpServers":{}}', '{\n  "mcpServers": { }\n}\n', '{"a":1}', '{"mcpServers": {"other": {"command": "x"}}}\n'])(
    'gives back %j as it was',
    (original) => {
      expect(withoutServer(add(original), original, FILE)).toBe(original);
    },
  );

  it('deletes a file that held nothing else and was not there before', () => {
    expect(withoutServer(add(null), null, FILE)).toBeNull();
  });

  it('keeps what was added later by others', () => {
    const later = add('{"a":1}').replace('"a":1', '"a":1, "b":2');
    expect(JSON.parse(withoutServer(later, '{"a":1}', FILE)!)).toEqual({ a: 1, b: 2 });
    const laterServer = add(null).replace('"mcpServers": {', '"mcpServers": { "x": {"command": "y"},');
    expect(JSON.parse(withoutServer(laterServer, null, FILE)!)).toEqual({ mcpServers: { x: { command: 'y' } } });
  });

  it('leaves a file without it alone', () => {
    expect(withoutServer('{ "a" : 1}', null, FILE)).toBe('{ "a" : 1}');
  });
});

describe('the role block in CLAUDE.md', () => {
  const put = (before: string | null): string => withRoleBlock(before, 'words', 'CLAUDE.md');

  it.each(['', '\n', '# Project', '# Project\n', '# Project\r\n\r\n', '# Project\n\n\n'])('goes without a trace from %j', (original) => {
    expect(withoutRoleBlock(put(original), original, 'CLAUDE.md')).toBe(original);
  });

  it('takes the file with it when the file was made for it', () => {
    expect(withoutRoleBlock(put(null), null, 'CLAUDE.md')).toBeNull();
  });

  it('leaves a file with other words when its first state is unknown', () => {
    expect(withoutRoleBlock(put('# Project\n'), null, 'CLAUDE.md')).toBe('# Project\n');
  });
});
