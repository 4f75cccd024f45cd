import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { telegramMessage } from '../../support/channels/telegram-rig.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../../support/telegram-api.ts';
import { eventually } from '../../support/until.ts';

const OLD = -4242;
const NEW = -1004242000001;

/** A Telegram group that becomes a supergroup gets another id; a whole core against the Bot API on loopback. */
describe('a served group that becomes a supergroup', () => {
  let api: TelegramApi;
  let core: TestCore;
  let group: string;
  beforeEach(async () => {
    api = await startTelegramApi();
    core = await startCore({ secrets: { botToken: BOT_TOKEN }, config: { notify: { telegram_api: api.apiRoot, priority: ['desktop'] } } });
    await eventually(async () => expect((await core.call('channels.list', {})).channels.find(({ name }) => name === 'telegram')?.state).toBe('connected'));
    group = (await core.call('chat.register', { jid: `tg:${OLD}`, name: 'Team' })).chat.group!.id;
  });
  afterEach(async () => {
    await core.stop();
    await api.close();
  });

  const history = async (): Promise<readonly string[]> => (await core.call('chat.history', { group, limit: 20 })).messages.map(({ content }) => content);
  const addresses = async (): Promise<readonly string[]> => (await core.call('chats.list', {})).chats.map(({ jid }) => jid);
  const say = (chatId: number, text: string): void => api.push(telegramMessage({ chat: { id: chatId, type: chatId === OLD ? 'group' : 'supergroup', title: 'Team' }, text }));

  test('goes on as the same group, with what was said before and after, without being registered again', async () => {
    say(OLD, 'before');
    await eventually(async () => expect(await history()).toEqual(['before']));
    api.migrate(OLD, NEW);
    say(NEW, 'after');
    await eventually(async () => expect(await history()).toEqual(['after', 'before']));
    expect(await addresses()).toEqual([`tg:${NEW}`]);
    const { events } = await core.call('log.list', { kinds: ['chat', 'group'], limit: 50 });
    expect(events.filter(({ action }) => action === 'moved').map(({ kind }) => kind).sort()).toEqual(['chat', 'group']);
  });

  test('is noticed by a send that is refused, which follows it at once, and everything after it too', async () => {
    api.migrate(OLD, NEW, { told: false });
    await core.call('channels.test', { channel: 'telegram', to: `tg:${OLD}` });
    await eventually(() => expect(api.messages.map(({ chatId }) => chatId)).toEqual([String(NEW)]));
    expect(await addresses()).toEqual([`tg:${NEW}`]);
    await core.call('channels.test', { channel: 'telegram', to: `tg:${NEW}` });
    await eventually(() => expect(api.messages).toHaveLength(2));
    expect(api.requests.filter(({ method }) => method === 'sendMessage').map(({ args }) => String(args['chat_id']))).toEqual([String(OLD), String(NEW), String(NEW)]);
  });

  test('is still found by agents that know its old address only', async () => {
    api.migrate(OLD, NEW);
    await eventually(async () => expect(await addresses()).toEqual([`tg:${NEW}`]));
    await expect(core.call('chat.register', { jid: `tg:${OLD}`, name: 'Team' })).rejects.toMatchObject({ code: 'GROUP_EXISTS', message: expect.stringContaining('as group Team') });
  });
});
