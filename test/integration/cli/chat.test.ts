import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';

const AGENT = resolve(import.meta.dirname, '../../support/channels/answering-agent.mjs');
const PATIENT = { timeout: 20_000 };

/** One core for the file, with a program that answers as every group's agent. */
describe('chats and channels on the command line', () => {
  let rig: CliRig;
  beforeAll(async () => {
    rig = makeCliRig({
      env: {
        PATH: process.env['PATH'],
        WAIAAS_AGENTS_RUNNER: 'process',
        WAIAAS_AGENTS_ALLOW_PROCESS_RUNNER: 'true',
        WAIAAS_AGENTS_PROCESS_COMMAND: JSON.stringify([process.execPath, AGENT]),
      },
    });
    await rig.startCore();
  });
  afterAll(() => rig.close());

  it('without a group makes a first chat, says every line, and shows the answers until the last is there', async () => {
    const { exit, out } = await rig.runWith(['q-1', '', 'q-2'], 'chat');
    expect(exit).toBe(0);
    expect(out.match(/^Andy: answer .*$/gm)?.join(' ').match(/q-\d/g)).toEqual(['q-1', 'q-2']);
    expect((await rig.json<{ chats: readonly { name: string }[] }>('channel', 'list', '--chats')).chats.map(({ name }) => name)).toEqual(['Home']);
  });

  it('asks one question and ends with its answer', async () => {
    expect(await rig.run('chat', 'Home', 'q-3')).toMatchObject({ exit: 0, out: 'Andy: answer q-3\n' });
    expect(await rig.json('chat', 'home', 'q-4')).toMatchObject({ kind: 'reply', content: 'answer q-4', fromBot: true });
  });

  it('says when no answer came in time, and when there is no such group', async () => {
    expect(await rig.run('chat', 'Home', 'nothing to answer', '--wait', '1')).toMatchObject({ exit: 1, err: expect.stringContaining('No answer yet') });
    expect(await rig.run('chat', 'Hom', 'x')).toMatchObject({ exit: 4, err: expect.stringContaining("Did you mean 'home'?") });
  });

  it('is ended by Ctrl-C while it waits for lines', async () => {
    const begun = rig.beginWith(new PassThrough(), 'chat', 'Home');
    await vi.waitFor(() => expect(begun.err()).toContain('Ctrl-D ends'), PATIENT);
    begun.stop();
    expect((await begun.ended).exit).toBe(0);
  });

  it('lists channels with how they stand, pauses and resumes them', async () => {
    const { out } = await rig.run('channel', 'list');
    expect(out).toMatch(/^console +connected /m);
    expect(out).toMatch(/^whatsapp +off /m);
    expect(out).toMatch(/^telegram +off \(ANU_BOT_TOKEN is not set\)/m);
    expect(await rig.run('channel', 'pause', 'console')).toMatchObject({ exit: 0 });
    expect((await rig.run('channel', 'list')).out).toMatch(/^console +paused \(connected\)/m);
    expect(await rig.run('channel', 'resume', 'console')).toMatchObject({ exit: 0 });
  });

  it('registers a chat by its address', async () => {
    expect(await rig.run('channel', 'register', 'tg:-100777', '--name', '우리 가족', '--trigger', '@앤디')).toMatchObject({ exit: 0, out: '우리 가족 is served by an agent now.\n' });
    expect((await rig.run('channel', 'list', '--chats')).out).toMatch(/우리 가족 +served, @앤디 +- +tg:-100777/);
  });

  it.each([
    [['channel', 'pair', 'telegram'], 2, 'Only WhatsApp is paired'],
    [['channel', 'pair', 'whatsapp', '--phone', '+82'], 2, '6 to 15 digits'],
    [['channel', 'pause', 'discord'], 2, "There is no channel 'discord'"],
    [['channel', 'test', 'telegram'], 4, 'to whom'],
    [['channel', 'register', 'nonsense'], 2, 'is the address of no chat'],
  ])('%j ends with %i and says why', async (words, exit, why) => {
    expect(await rig.run(...words)).toMatchObject({ exit, err: expect.stringContaining(why) });
  });
});
