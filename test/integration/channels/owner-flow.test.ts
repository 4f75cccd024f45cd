import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OWNER_ID, TEAM, telegramCommand, telegramMessage, telegramPress } from '../../support/channels/telegram-rig.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../../support/telegram-api.ts';
import { eventually } from '../../support/until.ts';

/** The owner at the phone, a whole core, and the Bot API on loopback between them. */
describe('the owner on Telegram, with a whole core', () => {
  let api: TelegramApi;
  let core: TestCore;
  beforeEach(async () => {
    api = await startTelegramApi();
    core = await startCore({ secrets: { botToken: BOT_TOKEN }, config: { notify: { telegram_api: api.apiRoot, priority: ['desktop'] }, telegram: { owners: [String(OWNER_ID)] }, ui: { language: 'en' } } });
    await eventually(async () => expect((await core.call('channels.list', {})).channels.find(({ name }) => name === 'telegram')?.state).toBe('connected'));
  });
  afterEach(async () => {
    await core.stop();
    await api.close();
  });

  const lastText = (): string => api.messages.at(-1)?.text ?? '';
  const answer = async (text: RegExp): Promise<string> => {
    await eventually(() => expect(lastText()).toMatch(text));
    return lastText();
  };
  const press = (label: RegExp): void => {
    const asked = api.messages.at(-1)!;
    api.push(telegramPress(asked.messageId, asked.buttons.flat().find(({ text }) => label.test(text))!.callback_data!));
  };

  test('gets a session written to the token file, and the token nowhere else', async () => {
    await core.call('agents.add', { name: 'fe-1', role: 'FE' });
    await core.call('agents.add', { name: 'be-1', role: 'BE' });
    api.push(telegramCommand('/newsession'));
    await answer(/Which agent/);
    press(/be-1/);
    await answer(/be-1 has a new session/);
    const file = join(core.dataDir, 'mcp-token');
    const token = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { sessions } = await core.call('sessions.list', {});
    expect(sessions).toMatchObject([{ agentName: 'be-1', state: 'live' }]);
    const answered = await fetch(`${core.url}/v1/sessions/${sessions[0]!.id}`, { headers: { Authorization: `Bearer ${token}` } });
    expect(answered.status).toBe(200);
    expect(JSON.stringify(api.requests)).not.toContain(token);
    expect(JSON.stringify(await core.call('log.list', { limit: 200 }))).not.toContain(token);
  });

  test('stops everything after a second press; what waits does not go out, what comes is kept', async () => {
    const { sessionId } = await core.agent('fe-1', 'FE');
    const { chat } = await core.call('chat.register', { jid: `tg:${TEAM}`, name: 'Team' });
    await core.call('channels.pause', { channel: 'telegram' });
    await core.call('channels.test', { channel: 'telegram', to: `tg:${TEAM}` });

    api.push(telegramCommand('/killswitch'));
    await answer(/Stop everything\?/);
    expect((await core.call('killSwitch.get', {})).state).toBe('NORMAL');
    press(/Yes/);
    // The agent of the group and fe-1.
    await answer(/Everything is stopped: 1 sessions ended, 2 agents suspended/);
    expect(await core.call('killSwitch.get', {})).toMatchObject({ state: 'ACTIVATED', actor: 'owner', reason: 'From Telegram' });
    expect((await core.call('sessions.list', {})).sessions.find(({ id }) => id === sessionId)).toMatchObject({ state: 'revoked' });

    api.push(telegramCommand('/newsession'));
    await answer(/no agent that could get a session|kill switch/);
    api.push(telegramCommand('/status'));
    await answer(/The kill switch is on \(ACTIVATED\)/);
    api.push(telegramMessage({ text: '@Andy are you there?' }));
    await eventually(async () => expect((await core.call('chat.history', { group: chat.group!.id })).messages).toMatchObject([{ content: '@Andy are you there?' }, { senderName: 'Wheelhouse', delivery: 'cancelled' }]));
    await expect(core.call('chat.send', { group: chat.group!.id, text: 'hello' })).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
    await expect(core.call('channels.test', { channel: 'telegram', to: `tg:${TEAM}` })).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
    await core.call('channels.resume', { channel: 'telegram' });
    expect((await core.call('channels.list', {})).channels.find(({ name }) => name === 'telegram')).toMatchObject({ waiting: 0 });
    expect(api.messages.filter(({ chatId }) => chatId === String(TEAM))).toEqual([]);
  });

  test('reads the board and how everything stands', async () => {
    await core.call('tasks.create', { title: 'Build it', assignee_role: 'FE' });
    api.push(telegramCommand('/tasks'));
    await answer(/^○ #1 FE: Build it$/);
    api.push(telegramCommand('/status'));
    expect(await answer(/Everything works/)).toContain('open tasks: 1');
  });

  test('is answered in the language of the settings from the moment it was changed, and the menu of commands with it', async () => {
    api.push(telegramCommand('/status'));
    await answer(/Everything works/);
    await core.call('settings.set', { language: 'ko' });
    await eventually(() => expect(api.requests.findLast(({ method }) => method === 'setMyCommands')?.args['commands']).toContainEqual({ command: 'status', description: '전체 상태 보기' }));
    api.push(telegramCommand('/status'));
    await answer(/모두 정상입니다/);
    await core.call('settings.set', { language: 'en' });
    api.push(telegramCommand('/tasks'));
    await answer(/nothing to do/);
  });

  test('a channel that cannot start keeps nothing else from starting, and says why', async () => {
    await core.stop();
    core = await startCore({ secrets: { botToken: '999999:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0' }, config: { notify: { telegram_api: api.apiRoot, priority: ['desktop'] } } });
    const telegram = async () => (await core.call('channels.list', {})).channels.find(({ name }) => name === 'telegram');
    await eventually(async () => expect(await telegram()).toMatchObject({ state: 'failed', reason: expect.stringContaining('ANU_BOT_TOKEN') }));
    const { chat } = await core.call('chat.create', { name: 'Home' });
    expect(await core.call('chat.send', { group: chat.group!.id, text: 'hello' })).toMatchObject({ message_id: 1 });
    const { events } = await core.call('log.list', { kinds: ['notification'], limit: 100 });
    expect(events.map(({ data }) => data['notice'])).toContain('CHANNEL_DOWN');
  });
});
