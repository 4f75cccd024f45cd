import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatMessageView } from '../../../preload/contract.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { eventually } from '../../support/until.ts';

const AGENT = resolve(import.meta.dirname, '../../support/channels/answering-agent.mjs');

/** Console, queue, process runner and a program that answers: the whole way of a message and back. */
describe('a chat in the console with a running agent', () => {
  let core: TestCore;
  beforeEach(async () => {
    core = await startCore({ config: { agents: { runner: 'process', allow_process_runner: true, process_command: [process.execPath, AGENT], idle_timeout_sec: 10 } } });
  });
  afterEach(async () => core.stop());

  const said = async (group: string): Promise<readonly ChatMessageView[]> => (await core.call('chat.history', { group, limit: 100 })).messages.toReversed();
  const answers = async (group: string): Promise<readonly string[]> => (await said(group)).filter(({ kind }) => kind === 'reply').map(({ content }) => content);

  test('a message is answered, without what the agent says to itself', async () => {
    const { chat } = await core.call('chat.create', { name: 'Home' });
    await core.call('chat.send', { group: chat.group!.id, text: 'q-1, please' });
    await eventually(async () => expect(await answers(chat.group!.id)).toEqual(['answer q-1']));
    await eventually(async () => expect((await said(chat.group!.id)).at(-1)).toMatchObject({ senderName: 'Andy', fromBot: true, delivery: 'sent' }));
  });

  test('what is said while it works reaches the same agent, and each is answered once', async () => {
    const { chat } = await core.call('chat.create', { name: 'Home' });
    const group = chat.group!.id;
    await core.call('chat.send', { group, text: 'q-1 slow' });
    await eventually(async () => expect((await core.call('chats.list', {})).chats[0]?.group?.working).toBe(true));
    for (const n of [2, 3]) await core.call('chat.send', { group, text: `q-${n}` });
    await eventually(async () => expect((await answers(group)).join(' ')).toMatch(/q-3/));
    expect((await answers(group)).join(' ').match(/q-\d/g)).toEqual(['q-1', 'q-2', 'q-3']);
    await eventually(async () => expect((await core.call('chats.list', {})).chats[0]?.group?.working).toBe(false));
  });

  test('an agent that cannot be started shows as a problem in the chat', async () => {
    await core.stop();
    core = await startCore({ config: { agents: { runner: 'process', allow_process_runner: true, process_command: ['/nonexistent/agent'] } } });
    const { chat } = await core.call('chat.create', { name: 'Home' });
    await core.call('chat.send', { group: chat.group!.id, text: 'q-1' });
    // The ladder of retries is minutes long; what a person sees before its end is that it was not forgotten.
    await eventually(async () => expect((await core.call('runs.list', {})).runs.some(({ state }) => state === 'failed')).toBe(true));
    const { runs } = await core.call('runs.list', {});
    expect(runs.find(({ state }) => state === 'failed')?.error).toMatch(/\S/);
    expect(runs.some(({ state }) => state === 'queued')).toBe(true);
  });
});
