import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatMessageView, LiveEvent, RunView } from '../../../preload/contract.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';

/** The agent is a real program of this machine that does what its prompt says; everything else is the real core. */
const AGENT = join(import.meta.dirname, '../../support/agents/chat-agent.sh');
const AGENTS = { runner: 'process', allow_process_runner: true, process_command: ['sh', AGENT], max_concurrent: 2, stop_timeout_sec: 2 } as const;

let core: TestCore;
beforeEach(async () => {
  core = await startCore({ config: { agents: AGENTS } });
});
afterEach(async () => core.stop());

async function chat(name: string): Promise<string> {
  return (await core.call('chat.create', { name })).chat.group!.id;
}

async function said(group: string): Promise<readonly string[]> {
  const { messages } = await core.call('chat.history', { group });
  return messages.toReversed().map(({ senderName, content }: ChatMessageView) => `${senderName}: ${content}`);
}

async function answers(group: string): Promise<readonly string[]> {
  return (await said(group)).filter((line) => line.startsWith('Andy: ')).map((line) => line.slice('Andy: '.length));
}

async function runs(group?: string): Promise<readonly RunView[]> {
  return (await core.call('runs.list', { ...(group !== undefined && { group }) })).runs;
}


describe('a chat of the console', () => {
  test('is answered by its agent, which takes a follow-up into the same run and remembers the conversation', async () => {
    const group = await chat('Home');
    await core.call('chat.send', { group, text: 'do: say hello' });
    await expect.poll(async () => answers(group)).toEqual(['hello']);
    await core.call('chat.send', { group, text: 'do: say more' });
    await expect.poll(async () => answers(group)).toEqual(['hello', 'heard: say more']);
    expect(await runs(group)).toMatchObject([{ state: 'running', messages: 2, sent: 2, idle: true }]);
    expect((await core.call('groups.list', {})).groups).toMatchObject([{ inConversation: true }]);
  });

  test('shows its live output to windows, and keeps the log for later', async () => {
    const heard: LiveEvent[] = [];
    const stop = core.core.live.subscribe((event) => heard.push(event));
    const group = await chat('Home');
    await core.call('chat.send', { group, text: 'do: say hello' });
    const streams = (): readonly string[] => heard.flatMap((event) => (event.type === 'output' ? event.runs.flatMap(({ chunks }) => chunks.map(({ stream, text }) => `${stream} ${text.trim()}`)) : []));
    await expect.poll(streams).toEqual(expect.arrayContaining(['stderr thinking', 'result hello']));
    const [run] = await runs(group);
    expect((await core.call('runs.output', { run: run!.id })).chunks.map(({ text }) => text.trim())).toEqual(expect.arrayContaining(['thinking', 'hello']));
    await expect(core.call('runs.log', { run: run!.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await core.call('runs.abort', { run: run!.id.slice(-8) });
    const log = await core.call('runs.log', { run: run!.id });
    expect(log.text).toContain('err| thinking');
    expect(heard.filter((event) => event.type === 'patch').at(-1)).toMatchObject({ patch: {} });
    stop();
  });

  test('hears that its agent was stopped by hand, even inside a tool call', async () => {
    const group = await chat('Home');
    await core.call('chat.send', { group, text: 'do: hang' });
    await expect.poll(async () => (await runs(group))[0]?.state).toBe('running');
    const { run } = await core.call('runs.abort', { run: (await runs(group))[0]!.id });
    expect(run).toMatchObject({ state: 'aborted', cause: 'aborted' });
    expect(await answers(group)).toEqual(['The work was stopped by hand.']);
  });

  test('is told something by the person that the chat does not see', async () => {
    const group = await chat('Home');
    await core.call('chat.send', { group, text: 'do: say hello' });
    await expect.poll(async () => answers(group)).toEqual(['hello']);
    await core.call('runs.tell', { run: (await runs(group))[0]!.id, text: 'do: say psst' });
    await expect.poll(async () => answers(group)).toEqual(['hello', 'heard: say psst']);
    expect((await said(group)).filter((line) => !line.startsWith('Andy'))).toHaveLength(1);
  });
});

describe('the kill switch', () => {
  test('stops what runs, cancels what waits, and lets nothing start', async () => {
    const groups = [await chat('One'), await chat('Two'), await chat('Three')];
    for (const group of groups) await core.call('chat.send', { group, text: 'do: hang' });
    await expect.poll(async () => (await runs()).map(({ state }) => state).sort()).toEqual(['queued', 'running', 'running']);
    expect((await runs()).find(({ state }) => state === 'queued')).toMatchObject({ waitReason: 'limit' });
    const { cancelled } = await core.call('killSwitch.activate', { reason: 'test' });
    expect(cancelled['runs_cancelled']).toBe(1);
    await expect.poll(async () => (await runs()).map(({ state, cause }) => `${state} ${cause}`)).toEqual(Array.from({ length: 3 }, () => 'aborted kill_switch'));
    await expect(core.call('chat.send', { group: groups[0]!, text: 'do: say hi' })).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
  });
});

test('SCHED-01: a scheduled task goes the way of messages, and the schedule hears how it went', async () => {
  const group = await chat('Home');
  const { task } = await core.call('schedule.create', { group, prompt: 'do: say watered', kind: 'once', value: '2099-01-01T00:00:00Z' });
  await core.call('schedule.run', { task: task.id });
  await expect.poll(async () => answers(group)).toEqual(['watered']);
  const [run] = await runs(group);
  expect(run).toMatchObject({ kind: 'task', prompt: 'do: say watered' });
  await core.call('runs.abort', { run: run!.id });
  await expect.poll(async () => (await core.call('schedule.runs', { task: task.id })).runs).toMatchObject([{ status: 'aborted' }]);
});

test('OPS-04: a shutdown ends agents in good order, and what got no answer is answered after the next start', async () => {
  const dataDir = core.dataDir;
  const group = await chat('Home');
  await core.call('chat.send', { group, text: 'do: hang' });
  await expect.poll(async () => (await runs(group))[0]?.state).toBe('running');
  const { pid } = (await runs(group))[0]!;
  await core.core.stop();
  expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
  const second = await startCore({ dataDir, config: { agents: AGENTS } });
  try {
    await expect.poll(async () => (await second.call('runs.list', { group })).runs.map(({ state, cause }) => `${state} ${cause}`)).toEqual(['running null', 'failed stopped']);
  } finally {
    await second.stop();
  }
});
