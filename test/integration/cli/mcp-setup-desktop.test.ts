import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCliRig, type CliResult, type CliRig } from '../../support/cli-rig.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

describe('wheelhouse mcp setup --client claude-desktop', () => {
  let rig: CliRig;
  let home: ReturnType<typeof makeTempDir>;
  let file: string;
  beforeEach(() => {
    home = makeTempDir('home-');
    rig = makeCliRig({ env: { HOME: home.path } });
    file = join(home.path, '.config/Claude/claude_desktop_config.json');
  });
  afterEach(async () => {
    await rig.close();
    home.remove();
  });

  const setup = async (...words: string[]): Promise<CliResult> => rig.run('mcp', 'setup', '--client', 'claude-desktop', ...words);
  const keep = (text: string): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const read = (): string => readFileSync(file, 'utf8');

  it('adds the bridge beside what is there, without a secret, and says what comes next', async () => {
    keep('{\n  "globalShortcut": "Ctrl+Space",\n  "mcpServers": {\n    "files": { "command": "npx", "args": ["x"] }\n  }\n}');
    const done = await setup();
    expect(done).toMatchObject({ exit: 0, err: expect.stringContaining('wheelhouse session create --agent <agent> --default') });
    expect(JSON.parse(read())).toEqual({
      globalShortcut: 'Ctrl+Space',
      mcpServers: {
        files: { command: 'npx', args: ['x'] },
        wheelhouse: { command: '/usr/bin/node', args: ['/opt/wheelhouse/cli.js', 'mcp', 'bridge'], env: { WAIAAS_DATA_DIR: rig.dataDir } },
      },
    });
    expect(read()).toContain('"files": { "command": "npx", "args": ["x"] }');
    expect((await setup()).out).toContain('nothing was changed');
  });

  it('keeps a backup, and takes out exactly what it put in', async () => {
    const before = '{"mcpServers":{"files":{"command":"npx"}},"scale":0}\n';
    keep(before);
    const { changes } = await rig.json<{ changes: { file: string; backup: string }[] }>('mcp', 'setup', '--client', 'claude-desktop');
    expect(changes).toMatchObject([{ file }]);
    expect(readFileSync(changes[0]!.backup, 'utf8')).toBe(before);
    await setup('--url', 'http://127.0.0.1:4000');
    expect(JSON.parse(read())).toMatchObject({ mcpServers: { wheelhouse: { env: { WAIAAS_BASE_URL: 'http://127.0.0.1:4000' } } } });
    expect(await setup('--undo')).toMatchObject({ exit: 0 });
    expect(read()).toBe(before);
    expect((await setup('--undo')).out).toContain('nothing was changed');
  });

  it('shows with --dry-run what would change, and touches nothing', async () => {
    expect((await setup('--dry-run')).out).toContain('+++ b/claude_desktop_config.json');
    expect(readdirSync(home.path)).toEqual([]);
    expect(existsSync(join(rig.dataDir, 'backups'))).toBe(false);
  });

  it('works before Claude Desktop was ever started, and deletes with --undo the file that it made', async () => {
    expect((await setup()).err).toContain('has not been started here yet');
    expect(JSON.parse(read())).toMatchObject({ mcpServers: { wheelhouse: {} } });
    await setup('--undo');
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['{ "mcpServers": { } // mine\n}', 'is not valid JSON'],
    ['[]', 'must hold one JSON object'],
    ['{"mcpServers": []}', 'must be an object'],
  ])('does not touch a file that holds %s', async (text, hint) => {
    keep(text);
    expect(await setup()).toMatchObject({ exit: 1, err: expect.stringContaining(hint) });
    expect(await setup('--undo')).toMatchObject({ exit: 1 });
    expect(read()).toBe(text);
  });

  it('uses the token file of a named agent that exists', async () => {
    expect(await setup('--agent', 'desk')).toMatchObject({ exit: 4, err: expect.stringContaining('wheelhouse agent add desk') });
    await rig.run('agent', 'add', 'desk', '--role', 'FE');
    expect((await setup('--agent', 'desk')).err).toContain('wheelhouse session create --agent desk\n');
    expect(JSON.parse(read())).toMatchObject({ mcpServers: { wheelhouse: { args: ['/opt/wheelhouse/cli.js', 'mcp', 'bridge', '--agent', 'desk'] } } });
  });

  it('refuses what belongs to another client', async () => {
    expect(await setup('--role', 'FE', '--shared-key')).toMatchObject({ exit: 2, err: expect.stringContaining('Only for claude-code: --role, --shared-key.') });
    expect(existsSync(file)).toBe(false);
  });
});
