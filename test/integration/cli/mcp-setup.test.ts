import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCliRig, type CliRig, type CliResult } from '../../support/cli-rig.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

describe('wheelhouse mcp setup', () => {
  let rig: CliRig;
  let project: ReturnType<typeof makeTempDir>;
  beforeEach(() => {
    project = makeTempDir('project-');
    rig = makeCliRig({ cwd: project.path, env: { WAIAAS_SERVER_PORT: '3199' } });
  });
  afterEach(async () => {
    await rig.close();
    project.remove();
  });

  const setup = async (...words: string[]): Promise<CliResult> => rig.run('mcp', 'setup', '--client', 'claude-code', ...words);
  const path = (name: string): string => join(project.path, name);
  const read = (name: string): string => readFileSync(path(name), 'utf8');
  const files = (): string[] => readdirSync(project.path).toSorted();

  it('connects a project: no secret, the role, the next steps', async () => {
    await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
    const done = await setup('--agent', 'fe-1');
    expect(done.exit).toBe(0);
    expect(JSON.parse(read('.mcp.json'))).toEqual({
      mcpServers: {
        wheelhouse: { type: 'http', url: 'http://127.0.0.1:3199/mcp', headers: { Authorization: 'Bearer ${WHEELHOUSE_TOKEN}' }, alwaysLoad: true },
      },
    });
    const guide = read('CLAUDE.md');
    expect(guide).toContain('this session is **FE**');
    expect(guide).toContain('Other sessions (BE, AI, Producer)');
    expect(guide).toContain('`nas-deploy`, `stock-db-schema`');
    expect(guide).not.toContain('Name your role in every call');
    expect(done.err).toContain(`export WHEELHOUSE_TOKEN="$(cat ${join(rig.dataDir, 'mcp-tokens', 'fe-1')})"`);
    expect(done.err).toContain('wheelhouse session create --agent fe-1');
    expect(files()).toEqual(['.mcp.json', 'CLAUDE.md']);
  });

  it('changes nothing the second time', async () => {
    await setup('--role', 'BE');
    const before = [read('.mcp.json'), read('CLAUDE.md')];
    expect((await setup('--role', 'BE')).out).toContain('nothing was changed');
    expect([read('.mcp.json'), read('CLAUDE.md')]).toEqual(before);
  });

  it('writes the role block in Korean where Korean is spoken, or when asked', async () => {
    await setup('--role', 'AI', '--lang', 'ko');
    expect(read('CLAUDE.md')).toContain('이 세션의 역할은 **AI**');
    rig.env['LANG'] = 'ko_KR.UTF-8';
    await setup('--role', 'BE');
    expect(read('CLAUDE.md')).toContain('이 세션의 역할은 **BE**');
    expect(read('CLAUDE.md')).not.toContain('**AI**');
  });

  it('serves the shared key of older teams', async () => {
    const done = await setup('--role', 'BE', '--shared-key');
    expect(read('.mcp.json')).toContain('Bearer ${CO_BUS_KEY}');
    expect(read('CLAUDE.md')).toContain('Name your role in every call');
    expect(done.err).toContain('CO_BUS_KEY');
  });

  it('points elsewhere with --url', async () => {
    await setup('--url', 'https://nas.example/');
    expect(read('.mcp.json')).toContain('"https://nas.example/mcp"');
    expect(existsSync(path('CLAUDE.md'))).toBe(false);
    expect(await setup('--url', 'nas')).toMatchObject({ exit: 2 });
    expect(await setup('--url', 'https://me:secret@nas/')).toMatchObject({ exit: 2 });
  });

  it('shows with --dry-run what would change, and writes nothing at all', async () => {
    writeFileSync(path('CLAUDE.md'), '# Project\n');
    const { out } = await setup('--role', 'FE', '--dry-run');
    expect(out).toContain('--- /dev/null\n+++ b/.mcp.json');
    expect(out).toMatch(/--- a\/CLAUDE\.md\n\+\+\+ b\/CLAUDE\.md\n@@ -1,1 \+1,\d+ @@\n # Project\n\+\n\+<!-- wheelhouse:begin/);
    expect(files()).toEqual(['CLAUDE.md']);
    expect(read('CLAUDE.md')).toBe('# Project\n');
    expect(existsSync(join(rig.dataDir, 'backups'))).toBe(false);
  });

  it('keeps what was there, with a backup, and takes out exactly what it put in', async () => {
    const mcp = '{\n    "mcpServers": {\n        "other": { "command": "x", "args": ["a", "b"] }\n    }\n}\n';
    const guide = '# Project\r\n\r\nOur rules.';
    writeFileSync(path('.mcp.json'), mcp);
    writeFileSync(path('CLAUDE.md'), guide);
    chmodSync(path('.mcp.json'), 0o640);
    const { changes } = await rig.json<{ changes: { file: string; backup: string }[] }>('mcp', 'setup', '--client', 'claude-code', '--role', 'FE');
    expect(changes.map(({ backup }) => readFileSync(backup, 'utf8'))).toEqual([mcp, guide]);
    expect(statSync(path('.mcp.json')).mode & 0o777).toBe(0o640);
    expect(read('.mcp.json')).toContain('"args": ["a", "b"]');
    await setup('--role', 'BE', '--url', 'http://127.0.0.1:4000');
    expect(await setup('--undo')).toMatchObject({ exit: 0 });
    expect(read('.mcp.json')).toBe(mcp);
    expect(read('CLAUDE.md')).toBe(guide);
  });

  it('deletes with --undo the files that it made, and keeps what others added since', async () => {
    await setup('--role', 'FE');
    expect((await setup('--undo', '--dry-run')).out).toContain('+++ /dev/null');
    await setup('--undo');
    expect(files()).toEqual([]);

    await setup('--role', 'FE');
    writeFileSync(path('CLAUDE.md'), `${read('CLAUDE.md')}\nWritten later.\n`);
    await setup('--undo');
    expect(files()).toEqual(['CLAUDE.md']);
    expect(read('CLAUDE.md')).toBe('Written later.\n');
    expect((await setup('--undo')).out).toContain('nothing was changed');
  });

  it('writes through a link', async () => {
    writeFileSync(path('AGENTS.md'), '# Agents\n');
    symlinkSync('AGENTS.md', path('CLAUDE.md'));
    await setup('--role', 'FE');
    expect(read('AGENTS.md')).toContain('**FE**');
    await setup('--undo');
    expect(read('AGENTS.md')).toBe('# Agents\n');
  });

  it('does not touch what it cannot read', async () => {
    writeFileSync(path('.mcp.json'), '{ "mcpServers": {} // ours\n}');
    expect(await setup('--role', 'FE')).toMatchObject({ exit: 1, err: expect.stringMatching(/\.mcp\.json is not valid JSON .*nothing was changed/) });
    expect(existsSync(path('CLAUDE.md'))).toBe(false);
    writeFileSync(path('.mcp.json'), '{}');
    writeFileSync(path('CLAUDE.md'), '<!-- wheelhouse:begin -->\nours?');
    expect(await setup('--role', 'FE')).toMatchObject({ exit: 1, err: expect.stringContaining('markers') });
    expect(read('.mcp.json')).toBe('{}');
    writeFileSync(path('CLAUDE.md'), Buffer.from([0xff, 0xfe, 0x00]));
    expect(await setup('--role', 'FE')).toMatchObject({ exit: 1, err: expect.stringContaining('not UTF-8') });
  });

  it.each([
    [['--role', 'Fe'], 4, 'Did you mean FE?'],
    [['--agent', 'nobody'], 4, 'wheelhouse agent add nobody --role <ROLE>'],
    [['--agent', 'x', '--role', 'FE'], 2, 'exclude each other'],
    [['--dir', 'missing'], 2, 'is not there'],
  ])('refuses %j', async (words, exit, hint) => {
    expect(await setup(...words)).toMatchObject({ exit, err: expect.stringContaining(hint) });
    expect(files()).toEqual([]);
  });

  it('refuses to guess the client, and a file for a folder', async () => {
    expect(await rig.run('mcp', 'setup')).toMatchObject({ exit: 2, err: expect.stringContaining('--client claude-code') });
    mkdirSync(path('sub'));
    writeFileSync(path('sub/file'), '');
    expect(await setup('--dir', 'sub/file')).toMatchObject({ exit: 2, err: expect.stringContaining('is no folder') });
    expect(await setup('--dir', 'sub', '--role', 'FE')).toMatchObject({ exit: 0 });
    expect(existsSync(path('sub/.mcp.json'))).toBe(true);
  });
});
