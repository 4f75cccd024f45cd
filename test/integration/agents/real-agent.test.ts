import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { incoming } from '../../support/channels/channels-rig.ts';
import { CLUB, makeMailboxRooms, type MailboxRooms } from '../../support/agents/mailbox-rooms.ts';
import { makeRealAgent, PLANTED_KEY, type RealRun } from '../../support/agents/real-agent.ts';
import { startMessagesApi, type ApiRefusal, type MessagesApi, type ModelBlock, type ModelScript } from '../../support/messages-api.ts';
import { AGENT_FOLDER, missingPart } from '../../support/setup/parts.ts';
import { until } from '../../support/until.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const text = (words: string): ModelBlock => ({ type: 'text', text: words });
const use = (name: string, input: Record<string, unknown>): ModelBlock => ({ type: 'tool_use', name, input });

describe.skipIf(missingPart('agent-sdk') !== null)('the agent of the image, with the real Claude Agent SDK', () => {
  let rooms: MailboxRooms;
  let api: MessagesApi;
  let agent: Awaited<ReturnType<typeof makeRealAgent>>;
  let script: ModelScript;
  const runs: RealRun[] = [];

  beforeAll(async () => {
    rooms = await makeMailboxRooms({ runner: { start: (request, listener) => agent.runner.start(request, listener) } });
    api = await startMessagesApi(async (turn) => script(turn));
    agent = await makeRealAgent(rooms.dir, rooms.ipc, api.url);
  });
  afterEach(async () => {
    await Promise.all(runs.splice(0).map(async ({ live }) => live.abort('aborted')));
  });
  afterAll(async () => {
    await api.stop();
    await rooms.close();
  });

  /** Starts the agent of the club. `says` maps what the model hears last to what it answers. */
  function start(prompt: string, says: (last: string) => readonly ModelBlock[] | ApiRefusal, more: { readonly sessionId?: string; readonly isScheduledTask?: boolean } = {}): RealRun {
    // Claude Code adds notes of its own; the model's turn is about the last thing somebody said or a tool brought.
    script = ({ transcript }) => says(transcript.findLast((line) => /^(user: (?!<system-reminder>)|tool_result: )/.test(line)) ?? '');
    const run = agent.start(rooms.groups.find('club'), { prompt, ...more });
    runs.push(run);
    return run;
  }
  const outputs = async (run: RealRun, many: number) =>
    until(async () => {
        if (run.outputs.length >= many) return run.outputs;
        const over = await Promise.race([run.live.ended, Promise.resolve(null)]);
        if (over !== null) throw new Error(`the run ended after ${run.outputs.length} outputs: ${JSON.stringify(over)}\n${run.stderr()}`);
        return false;
      });

  it('works through tools, takes a follow-up while it lives, and goes on with the conversation in the next run', async () => {
    const run = start('What is on for today?', (last) => {
      if (last.includes('What is on')) return [text('Let me look.'), use('mcp__wheelhouse__send_message', { text: 'One moment. <internal>look at the board</internal>' })];
      if (last.includes('"queued":true')) return [use('mcp__wheelhouse__schedule_task', { prompt: 'Remind them', schedule_type: 'cron', schedule_value: '0 18 * * *' })];
      if (last.includes('"schedule_value":"0 18 * * *"')) return [use('mcp__team__post_message', { to_role: 'FE', body: 'The club meets at six' })];
      if (last.startsWith('tool_result') && last.includes('"message_id"')) return [text('All set. <internal>nothing else</internal>')];
      if (last.includes('And tomorrow?')) return [text('Tomorrow is free.')];
      return [text(`unexpected: ${last}`)];
    });
    const [first] = await outputs(run, 1);
    expect(first).toEqual({ status: 'success', result: 'All set. <internal>nothing else</internal>', newSessionId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(run.stderr()).toMatch(/Let me look\.\n\[mcp__wheelhouse__send_message\]\n[^]*All set\.\n$/);
    // Everything that it did went through the mailbox, and happened before the agent was told so.
    await until(() => rooms.telegram.taken.length === 1);
    expect(rooms.telegram.taken[0]!.text).toContain('One moment.');
    expect(rooms.telegram.taken[0]!.text).not.toContain('board');
    expect(rooms.snapshot('club', 'current_tasks.json')).toMatchObject([{ prompt: 'Remind them', schedule_value: '0 18 * * *' }]);
    expect((await rooms.bus.readInbox({ role: 'FE', sessionId: 's1', agentName: null, verified: true, person: false }, {})).messages).toMatchObject([{ from_role: 'BE', body: 'The club meets at six' }]);

    await run.live.followUp('f1', 'And tomorrow?');
    const [, second] = await outputs(run, 2);
    expect(second).toEqual({ status: 'success', result: 'Tomorrow is free.', newSessionId: first!.newSessionId });
    await run.live.requestClose();
    expect(await run.live.ended).toMatchObject({ status: 'succeeded', cause: 'finished', exitCode: 0, sessionId: first!.newSessionId, unread: [] });
    expect(run.outputs).toHaveLength(2);

    const again = start('Which days did we talk about?', () => [text('Today and tomorrow.')], { sessionId: first!.newSessionId! });
    expect(await outputs(again, 1)).toEqual([{ status: 'success', result: 'Today and tomorrow.', newSessionId: first!.newSessionId }]);
    expect(api.turns.at(-1)!.transcript.join('\n')).toMatch(/What is on for today\?[^]*All set\.[^]*And tomorrow\?[^]*Which days/);
    await again.live.requestClose();
    expect(await again.live.ended).toMatchObject({ status: 'succeeded' });
  });

  it('is called in a chat, answers there, and takes what is said meanwhile: through queue, runner, mailbox and channel', async () => {
    const says: ModelScript = ({ transcript }) => {
      const last = transcript.findLast((line) => /^(user: (?!<system-reminder>)|tool_result: )/.test(line)) ?? '';
      if (last.includes('what is on')) return [use('mcp__wheelhouse__send_message', { text: 'One moment.' })];
      if (last.startsWith('tool_result')) return [text('<internal>done</internal>Chess at six.')];
      return [text('Tomorrow is free.')];
    };
    script = says;
    const received = async (words: string, id: string): Promise<void> =>
      rooms.telegram.events.received(incoming({ chat: { jid: CLUB, name: 'Club', isGroup: true }, id, text: words }));
    const before = rooms.telegram.taken.length;
    const heard = (): string[] => rooms.telegram.taken.slice(before).map((message) => message.text);
    await received('@Andy what is on?', 'm1');
    await until(() => heard().length === 2);
    await received('@Andy and tomorrow?', 'm2');
    await until(() => heard().length === 3);
    expect(heard()).toEqual([expect.stringContaining('One moment.'), expect.stringContaining('Chess at six.'), expect.stringContaining('Tomorrow is free.')]);
    expect(heard().join()).not.toContain('internal');
    const { run } = rooms.queue.live()[0]!;
    expect(run).toMatchObject({ state: 'running', sent: 3, messages: 2, attempt: 1, sessionId: rooms.groups.find('club').sessionId });
    await rooms.queue.abort(run.id);
  });

  it('shows what it says while it says it, and gives the chat the whole of it', async () => {
    const shown = async (): Promise<unknown> => until(() => run.stderr() === 'The club meets at six.\n');
    const whole = 'The club meets at six. <internal>no</internal>Bring a board.';
    const run = start('What is on?', () => [{ type: 'text', text: whole, halfway: shown }]);
    expect(await outputs(run, 1)).toMatchObject([{ result: whole }]);
    expect(run.stderr()).toBe('The club meets at six.\nBring a board.\n');
  });

  it('hears no when it asks for what its group may not do, and does not see what only the main group may', async () => {
    const run = start('Tell the other chat', (last) => {
      if (last.startsWith('tool_result')) return [text(last)];
      return [use('mcp__wheelhouse__send_message', { text: 'Psst', chat_jid: 'console:home' })];
    });
    const [output] = await outputs(run, 1);
    expect(output!.result).toContain('FORBIDDEN: A group may write to its own chat only.');
    const { tools, system } = api.turns.at(-1)!;
    expect(tools).toEqual(expect.arrayContaining(['mcp__wheelhouse__send_message', 'mcp__wheelhouse__list_tasks']));
    expect(tools).not.toEqual(expect.arrayContaining(['mcp__wheelhouse__register_group']));
    expect(system).toContain(`You serve the chat ${CLUB}`);
  });

  it('SEC-05: keeps the key from commands, from every environment, and out of its own files', async () => {
    // Its own environment, that of Claude Code, and that of the runner.
    const look = 'me=$PPID; runner=$(sed -n "s/^PPid:\\t//p" /proc/$me/status); (env; cat /proc/$me/environ /proc/$runner/environ /proc/$me/cmdline /proc/$runner/cmdline | tr "\\0" "\\n") | grep -aE "KEY|TOKEN|DESCRIPTOR|runner.mjs"; echo end';
    const run = start('Look around', (last) => (last.startsWith('tool_result') ? [text('Looked.')] : [use('Bash', { command: look, description: 'Look around' })]));
    await outputs(run, 1);
    const turn = api.turns.at(-1)!;
    const seen = turn.transcript.join('\n');
    expect(turn.apiKey).toBe(PLANTED_KEY);
    expect(seen).toMatch(/CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR=3[^]*runner\.mjs[^]*end/);
    expect(seen).not.toContain(PLANTED_KEY);
    await run.live.requestClose();
    await run.live.ended;
    expect(spawnSync('grep', ['-r', '-l', PLANTED_KEY, rooms.dir], { encoding: 'utf8' }).stdout).toBe('');
  });

  it('begins anew when the conversation to continue is gone', async () => {
    const run = start('Hello again', () => [text('Hello.')], { sessionId: '11111111-1111-4111-8111-111111111111' });
    const [output] = await outputs(run, 1);
    expect(output).toMatchObject({ status: 'success', result: 'Hello.' });
    expect(output!.newSessionId).not.toBe('11111111-1111-4111-8111-111111111111');
    expect(run.stderr()).toContain('a new one begins');
  });

  it('tells a scheduled task from what somebody wrote', async () => {
    const run = start('Water the plants', () => [text('Watered.')], { isScheduledTask: true });
    await outputs(run, 1);
    expect(api.turns.at(-1)!.transcript.join('\n')).toMatch(/\[This is a scheduled task[^\]]*\]\n\nWater the plants/);
  });

  it('says what is wrong when the API refuses the key, and ends', async () => {
    const run = start('Hello', () => ({ status: 401, type: 'authentication_error', message: 'invalid x-api-key' }));
    expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'exit_code', exitCode: 1 });
    expect(run.outputs).toEqual([expect.objectContaining({ status: 'error', result: null, error: expect.stringContaining('refuses the credentials') })]);
  });

  it('archives the conversation before it is shortened', async () => {
    const run = start('Remember that the plants are green', (last) => (last.includes('plants are green') ? [text('I will.')] : [text('A summary of it.')]));
    await outputs(run, 1);
    await run.live.followUp('f1', '/compact');
    const folder = join(agent.roots.groups, 'club/conversations');
    const archived = () => (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.md'));
    await until(() => archived().length === 1);
    const [name] = archived();
    expect(name).toMatch(/^\d{4}-\d\d-\d\d-remember-that-the-plants-are-green\.md$/);
    expect(readFileSync(join(folder, name!), 'utf8')).toMatch(/\*\*User\*\*: Remember that[^]*\*\*Andy\*\*: I will\./);
  });

  it('is written against the types of the SDK as it is installed', () => {
    const dir = mkdtempSync(join(AGENT_FOLDER, 'node_modules/.types-'));
    const check = join(dir, 'check.ts');
    writeFileSync(
      check,
      `import * as sdk from '@anthropic-ai/claude-agent-sdk';
       import type { Sdk, QueryOptions, SdkMessage, UserMessage } from '${join(AGENT_FOLDER, 'src/sdk.ts')}';
       export const options = (mine: QueryOptions): sdk.Options => ({ ...mine, mcpServers: {} });
       export const said = (mine: UserMessage): sdk.SDKUserMessage => mine;
       export const heard = (theirs: sdk.SDKMessage): SdkMessage => theirs;
       export const query: Sdk['query'] = ({ prompt, options: mine }) => sdk.query({ prompt, options: options(mine) });
       export const server: Sdk['createSdkMcpServer'] = ({ tools, ...rest }) => sdk.createSdkMcpServer({ ...rest, tools: tools as never[] });`,
    );
    const config = {
      extends: join(ROOT, 'tsconfig.base.json'),
      compilerOptions: { composite: false, noEmit: true, emitDeclarationOnly: false, rootDir: '/', types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] },
      files: [check],
    };
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(config));
    const { stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', dir], { encoding: 'utf8' });
    rmSync(dir, { recursive: true });
    expect(stdout).toBe('');
  });
});
