import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../main/cli/commands.ts';
import { makeCliRig } from '../../support/cli-rig.ts';

describe('how the command line is used', () => {
  const rig = makeCliRig();
  afterAll(() => rig.close());

  it('shows every command, and the help of each', async () => {
    const overview = await rig.run();
    expect(overview.exit).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(overview.out).toContain(summary);
      const help = await rig.run(...name.split(' '), '--help');
      expect(help).toMatchObject({ exit: 0, err: '', out: expect.stringContaining(`Usage: wheelhouse ${name}`) });
      expect((await rig.run('help', ...name.split(' '))).out).toBe(help.out);
    }
  });

  it('shows its version', async () => {
    expect(await rig.run('--version')).toMatchObject({ exit: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(JSON.parse((await rig.run('version', '--json')).out)).toEqual({ version: expect.any(String) });
  });

  it.each([
    [['tsk', 'list'], 'Did you mean `wheelhouse task`?'],
    [['sessions'], 'Did you mean `wheelhouse session`?'],
    [['help', 'agnt add'], 'Did you mean `wheelhouse agent add`?'],
    [['frobnicate'], '`wheelhouse help` lists them.'],
    [['task'], 'wheelhouse task reassign'],
    [['task', 'lst'], 'wheelhouse task reassign'],
    [['--verbose'], '--verbose needs a command before it'],
    [['--constructor', 'status'], '--constructor needs a command before it'],
    [['status', '--colour'], 'There is no option --colour here.'],
  ])('refuses %j with a way on', async (words, hint) => {
    expect(await rig.run(...words)).toMatchObject({ exit: 2, out: '', err: expect.stringContaining(hint) });
  });

  it('takes the common options before the command as well', async () => {
    expect(await rig.run('--json', '--data-dir', rig.dataDir, 'agent', '--json', 'list')).toMatchObject({ exit: 0, out: '{"agents":[]}\n' });
    expect(await rig.run(`--data-dir=${rig.dataDir}`, 'agent', 'list')).toMatchObject({ exit: 0 });
  });

  it('answers errors as JSON when asked to, apart from results', async () => {
    const { exit, out, err } = await rig.run('status', '--json');
    expect({ exit, out }).toEqual({ exit: 3, out: '' });
    expect(JSON.parse(err)).toEqual({ error: { code: 'NOT_RUNNING', message: expect.stringContaining('wheelhouse serve'), details: { dataDir: rig.dataDir } } });
    expect(JSON.parse((await rig.run('stauts', '--json')).err)).toMatchObject({ error: { code: 'USAGE' } });
  });

  it('prefers --data-dir over the environment', async () => {
    expect((await rig.run('status', '--data-dir', '/nowhere/else')).err).toContain('not running on /nowhere/else');
  });
});
