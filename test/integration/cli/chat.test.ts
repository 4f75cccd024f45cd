import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { eventually } from '../../support/until.ts';

const AGENT = resolve(import.meta.dirname, '../../support/channels/answering-agent.mjs');

/** A program that answers as every group's agent. */
const ANSWERING = {
  env: {
    PATH: process.env['PATH'],
    WAIAAS_AGENTS_RUNNER: 'process',
    WAIAAS_AGENTS_ALLOW_PROCESS_RUNNER: 'true',
    WAIAAS_AGENTS_PROCESS_COMMAND: JSON.stringify([process.execPath, AGENT]),
  },
};

/** One core for the file, with a program that answers as every group's agent. */
describe('chats and channels on the command line', () => {
  let rig: CliRig;
  let core: Awaited<ReturnType<CliRig['startCore']>>;
  const go = (): string => join(rig.dataDir, 'groups', 'home', 'go');
  const letGo = (): void => writeFileSync(go(), '');
  beforeAll(async () => {
    rig = makeCliRig(ANSWERING);
    core = await rig.startCore();
  });
  beforeEach(() => rmSync(go(), { force: true }));
  afterAll(() => rig.close());

  it('without a group makes a first chat, says every line, and shows the answers until the last is there', async () => {
    const { exit, out } = await rig.runWith(['q-1', '', 'q-2'], 'chat');
    expect(exit).toBe(0);
    expect(out.match(/^Andy: answer .*$/gm)?.join(' ').match(/q-\d/g)).toEqual(['q-1', 'q-2']);
    expect((await rig.json<{ chats: readonly { name: string }[] }>('channel', 'list', '--chats')).chats.map(({ name }) => name)).toEqual(['Home']);
  });

  it('says lines that are piped in one after the other, so that the end comes after the answer to the last', async () => {
    const { exit, out } = await rig.runWith(['q-21 slow', 'q-22 slow', 'q-23'], 'chat', 'Home');
    expect({ exit, out }).toEqual({ exit: 0, out: 'Andy: answer q-21\nAndy: answer q-22\nAndy: answer q-23\n' });
  });

  it('goes on to the next line when one is not answered in time, or at once when it is not to wait', async () => {
    const late = await rig.runWith(['nothing to answer', 'q-24'], 'chat', 'Home', '--wait', '1');
    expect(late).toMatchObject({ exit: 0, out: 'Andy: answer q-24\n', err: expect.stringMatching(/^[^\n]*Ctrl-D ends\.\n(?: {2}\|.*\n)*No answer yet/) });
    expect(await rig.runWith(['nothing', 'to answer'], 'chat', 'Home', '--wait', '0')).toMatchObject({ exit: 0, out: '' });
  });

  it('says nothing more of what was piped in once it is stopped', async () => {
    const begun = rig.beginWith(Readable.from(['q-27 loud\nq-28\n']), 'chat', 'Home');
    await eventually(() => expect(begun.err()).toContain('looks for q-27'));
    begun.stop();
    expect(await begun.ended).toMatchObject({ exit: 0, err: expect.stringContaining('The agent goes on') });
    letGo();
    await eventually(async () => expect(await core.call('chat.history', { group: 'home', limit: 1 })).toMatchObject({ messages: [{ content: 'answer q-27' }] }));
  });

  it('says at once what somebody types, and ends with an answer that comes after it', async () => {
    const typed = Object.assign(new PassThrough(), { isTTY: true });
    const begun = rig.beginWith(typed, 'chat', 'Home');
    typed.write('q-25 loud\n');
    await eventually(() => expect(begun.err()).toContain('looks for q-25'));
    typed.end('q-26\n');
    const said = async (): Promise<readonly string[]> => (await core.call('chat.history', { group: 'home', limit: 2 })).messages.map(({ content }) => content);
    await eventually(async () => expect(await said()).toContain('q-26'));
    letGo();
    expect(await begun.ended).toMatchObject({ exit: 0, out: expect.stringContaining('answer q-25') });
    await eventually(async () => expect(await said()).toContain('answer q-26'));
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
    await eventually(() => expect(begun.err()).toContain('Ctrl-D ends'));
    begun.stop();
    expect((await begun.ended).exit).toBe(0);
  });

  it('shows what the agent prints while it works beside the answer', async () => {
    const begun = rig.begin('chat', 'Home', 'q-5 loud');
    await eventually(() => expect(begun.err()).toContain('  | looks for q-5\n'));
    await eventually(() => expect(begun.err()).toContain('  | a warning\n'));
    expect(begun.out()).toBe('');
    letGo();
    const { exit, out, err } = await begun.ended;
    expect({ exit, out }).toEqual({ exit: 0, out: 'Andy: answer q-5\n' });
    expect(err).toMatch(/ {2}\| found it\n$/);
    // Answers are not part of it, and neither is what was printed for earlier questions.
    expect(err.match(/q-\d/g)).toEqual(['q-5']);
  });

  it('with --json says each stretch and the answer in a line of their own', async () => {
    const begun = rig.begin('chat', 'Home', 'q-6 loud', '--json');
    await eventually(() => expect(begun.out()).toContain('looks for q-6'));
    letGo();
    const { exit, out, err } = await begun.ended;
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    const lines = out.trimEnd().split('\n').map((line) => JSON.parse(line) as { kind: string; stream?: string; text?: string; content?: string });
    expect(lines.at(-1)).toMatchObject({ kind: 'reply', content: 'answer q-6' });
    const printed = lines.slice(0, -1);
    expect(printed.every(({ kind }) => kind === 'output')).toBe(true);
    expect(printed.filter(({ stream }) => stream === 'stdout').map(({ text }) => text).join('')).toBe('looks for q-6\nfound it\n');
    expect(printed.filter(({ stream }) => stream === 'stderr').map(({ text }) => text).join('')).toBe('a warning\n');
  });

  it('Ctrl-C ends the waiting and says that the run goes on, where its answer will be, and how to stop it', async () => {
    const begun = rig.begin('chat', 'Home', 'q-7 loud');
    await eventually(() => expect(begun.err()).toContain('looks for q-7'));
    begun.stop();
    const { exit, err } = await begun.ended;
    expect(exit).toBe(1);
    const [, id] = /goes on, and its answer will stand in the chat: wheelhouse chat home\. To stop it: wheelhouse run abort (\w{8})\n$/.exec(err) ?? [];
    const live = (await rig.json<{ runs: readonly { id: string; state: string }[] }>('run', 'list', '--group', 'home')).runs.filter(({ state }) => state !== 'succeeded');
    expect(live).toMatchObject([{ id: expect.stringMatching(new RegExp(`${id}$`)), state: 'running' }]);
    letGo();
    await eventually(async () => expect((await core.call('chat.history', { group: 'home', limit: 1 }))).toMatchObject({ messages: [{ content: 'answer q-7' }] }));
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

/** A core that goes away while somebody waits. */
describe('a chat whose core ends in the middle', () => {
  it('ends with exit code 3 and says that what was said is kept, and where the answer will be', async () => {
    const rig = makeCliRig(ANSWERING);
    try {
      const core = await rig.startCore();
      await rig.run('group', 'add', 'console:home', '--name', 'Home');
      const begun = rig.begin('chat', 'Home', 'q-1 loud');
      await eventually(() => expect(begun.err()).toContain('looks for q-1'));
      await core.stop();
      const { exit, err } = await begun.ended;
      expect(exit).toBe(3);
      expect(err).toMatch(/does not answer at .*\nWhat you said is kept\. When Wheelhouse runs again, the answer will stand in the chat: wheelhouse chat home\n$/);
    } finally {
      await rig.close();
    }
  });
});
