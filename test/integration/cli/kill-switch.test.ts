import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretPrompt } from '../../../main/cli/secret-prompt.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { ethereumKey, solanaKey, type OwnerKey } from '../../support/owner-keys.ts';

const PASSWORD = 'correct horse battery';

let rig: CliRig;
beforeEach(() => {
  rig = makeCliRig({ env: { WAIAAS_SECURITY_KILL_SWITCH_RECOVERY_WAIT_OWNER: '300', WAIAAS_SECURITY_KILL_SWITCH_RECOVERY_WAIT_NO_OWNER: '3600' } });
});
afterEach(async () => rig.close());

const withPassword = async (...words: string[]) => rig.runWith([PASSWORD], ...words);

/** Runs a command that shows a text to sign, and answers it as a wallet would: the text is only known while it runs. */
async function sign(key: OwnerKey, lines: readonly string[], ...words: string[]) {
  const stdin = new PassThrough();
  for (const line of lines) stdin.write(`${line}\n`);
  const { ended, err } = rig.beginWith(stdin, ...words);
  await expect.poll(err).toContain('Expiration Time');
  const text = /within five minutes:\n\n([\s\S]*?Expiration Time: \S+)/.exec(err())![1]!;
  stdin.end(`${await key.sign(text)}\n`);
  return ended;
}

describe.each([
  ['while no core runs', false],
  ['on a running core', true],
])('the kill switch %s', (_where, running) => {
  beforeEach(async () => {
    await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
    await rig.run('session', 'create', '--agent', 'fe-1');
    if (running) await rig.startCore();
  });

  it('is pulled at once, and says what it did and what recovering takes', async () => {
    const pulled = await rig.run('kill', '--reason', 'agents run wild');
    expect(pulled).toMatchObject({ exit: 0, out: expect.stringContaining('1 session revoked, 1 agent suspended'), err: expect.stringContaining('wheelhouse master-password set') });
    expect(await rig.run('kill')).toMatchObject({ exit: 4, err: expect.stringContaining('on already') });
    expect(await rig.run('agent', 'add', 'be-1', '--role', 'BE')).toMatchObject({ exit: 4, err: expect.stringContaining('kill switch') });
    expect((await rig.run('agent', 'list')).out).toContain('suspended: KILL_SWITCH: agents run wild');
  });

  it('is recovered from in two steps with a wait between, which cancelling starts anew', async () => {
    expect(await rig.run('recover')).toMatchObject({ exit: 4, err: expect.stringContaining('nothing to recover from') });
    expect(await withPassword('master-password', 'set')).toMatchObject({ exit: 0 });
    await rig.run('kill');
    expect(await withPassword('recover')).toMatchObject({ exit: 0, out: expect.stringContaining('Run the same command again after') });
    expect(await withPassword('recover')).toMatchObject({ exit: 4, err: expect.stringMatching(/in 3(600|59\d) s/) });
    expect(await rig.run('cancel-recovery')).toMatchObject({ exit: 0, out: expect.stringContaining('stays on') });
    expect(await rig.run('cancel-recovery')).toMatchObject({ exit: 4, err: expect.stringContaining('No recovery is under way') });
    expect(await rig.runWith(['wrong password'], 'recover', '--json')).toMatchObject({ exit: 5, err: expect.stringContaining('"INVALID_MASTER_PASSWORD"') });
  });

  it('asks for the password on standard input, and says so when nothing is there', async () => {
    await rig.run('kill');
    expect(await rig.run('recover')).toMatchObject({ exit: 2, err: expect.stringContaining('Master password is missing') });
    expect(await withPassword('recover')).toMatchObject({ exit: 4, err: expect.stringContaining('wheelhouse master-password set') });
  });
});

describe('the master password', () => {
  it('is set once, changed with the present one, and never shown', async () => {
    const results = [
      await rig.runWith(['short'], 'master-password', 'set'),
      await withPassword('master-password', 'set'),
      await withPassword('master-password', 'set'),
      await rig.runWith(['wrong password', 'another password'], 'master-password', 'change'),
      await rig.runWith([PASSWORD, 'another password'], 'master-password', 'change'),
      await rig.runWith([PASSWORD], 'master-password', 'change'),
    ];
    expect(results.map(({ exit }) => exit)).toEqual([2, 0, 4, 5, 0, 2]);
    expect(JSON.stringify(results)).not.toContain(PASSWORD);
  });

  it('is replaced when it is forgotten: sessions end, agents stay', async () => {
    await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
    await rig.run('session', 'create', '--agent', 'fe-1');
    await withPassword('master-password', 'set');
    expect(await rig.runWith(['another password'], 'master-password', 'reset')).toMatchObject({ exit: 0, out: expect.stringContaining('1 session revoked') });
    expect((await rig.run('session', 'list')).out).toContain('No session can act now');
    expect((await rig.run('agent', 'list')).out).toContain('fe-1');
    expect(await rig.runWith(['another password', PASSWORD], 'master-password', 'change')).toMatchObject({ exit: 0 });
  });

  it('is not echoed at a terminal, and asked for twice', async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    let shown = '';
    const prompt = new SecretPrompt({ stdin: () => stdin, err: (text) => void (shown += text) });
    const asked = prompt.askNew('New master password');
    stdin.write(`${PASSWORD}\r`);
    await expect.poll(() => shown).toContain('once more');
    stdin.write(`${PASSWORD}\r`);
    expect(await asked).toBe(PASSWORD);
    const different = prompt.askNew('New master password');
    stdin.write(`${PASSWORD}\r`);
    stdin.write('something else\r');
    await expect(different).rejects.toThrow('The two differ');
    const aborted = prompt.ask('Master password');
    // Ctrl-C.
    stdin.write('\u0003');
    await expect(aborted).rejects.toThrow('is missing');
    prompt.close();
    expect(shown).not.toContain('horse');
  });
});

describe.each([
  ['Ethereum', ethereumKey],
  ['Solana', solanaKey],
])('an owner on %s', (_chain, newKey) => {
  it('is registered, verified, asked to sign for a recovery and for a successor', async () => {
    await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
    await withPassword('master-password', 'set');
    const core = await rig.startCore();
    const key = newKey();
    expect(await withPassword('owner', 'set', 'fe-1', `${key.address}0`)).toMatchObject({ exit: 2, err: expect.stringContaining('cannot be a') });
    expect(await withPassword('owner', 'set', 'fe-1', key.address)).toMatchObject({ exit: 0, out: expect.stringContaining('not verified') });
    expect(await sign(newKey(), [], 'owner', 'verify', 'fe-1', key.address)).toMatchObject({ exit: 5 });
    expect(await sign(key, [], 'owner', 'verify', 'fe-1', key.address)).toMatchObject({ exit: 0, out: expect.stringContaining('is verified') });
    expect(await withPassword('owner', 'remove', 'fe-1')).toMatchObject({ exit: 4, err: expect.stringContaining('cannot be removed') });
    const next = newKey();
    expect(await sign(key, [PASSWORD], 'owner', 'set', 'fe-1', next.address)).toMatchObject({ exit: 0 });
    expect((await rig.run('owner', 'list')).out).toMatch(new RegExp(`fe-1 +verified +\\w+ +${next.address}`));

    await rig.run('kill');
    expect(await withPassword('recover')).toMatchObject({ exit: 2, err: expect.stringContaining('--owner ADDRESS') });
    expect(await withPassword('recover', '--without-owner')).toMatchObject({ exit: 5 });
    expect(await sign(key, [PASSWORD], 'recover', '--owner', next.address)).toMatchObject({ exit: 5 });
    expect(await sign(next, [PASSWORD], 'recover', '--owner', next.address)).toMatchObject({ exit: 0, out: expect.stringContaining('has begun') });
    expect(await withPassword('recover', '--owner', next.address)).toMatchObject({ exit: 4, err: expect.stringMatching(/in (300|29\d) s/) });
    const status = await rig.run('status');
    expect(status.out).toMatch(/Kill switch +on since .*recovery possible after/);
    expect((await core.call('killSwitch.get', {})).state).toBe('RECOVERING');
  });

  it('who was mistyped is taken away again, or goes without', async () => {
    await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
    await withPassword('master-password', 'set');
    await withPassword('owner', 'set', 'fe-1', newKey().address);
    await rig.run('kill');
    expect(await withPassword('recover', '--without-owner')).toMatchObject({ exit: 0 });
  });
});

describe('one agent', () => {
  it('is stopped and resumed by hand', async () => {
    await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
    expect(await rig.run('agent', 'suspend', 'fe-1')).toMatchObject({ exit: 2, err: expect.stringContaining('--reason') });
    expect(await rig.run('agent', 'suspend', 'fe-1', '--reason', 'writes nonsense')).toMatchObject({ exit: 0 });
    expect((await rig.run('agent', 'list')).out).toContain('suspended: writes nonsense');
    expect(await rig.run('session', 'create', '--agent', 'fe-1')).toMatchObject({ exit: 4, err: expect.stringContaining('writes nonsense') });
    expect(await rig.run('agent', 'resume', 'fe-1')).toMatchObject({ exit: 0, out: expect.stringContaining('may act again') });
    expect((await rig.run('agent', 'list')).out).toContain('active');
  });
});
