import { describe, expect, test } from 'vitest';
import { BOT_COMMANDS } from '../../../main/channels/telegram/owner-commands.ts';
import { addressOf, readUpdate, type ReadUpdate } from '../../../main/channels/telegram/updates.ts';
import { TEAM, telegramCommand, telegramMessage, telegramPress } from '../../support/channels/telegram-rig.ts';

const bot = { id: 110201543, username: 'anu_bot' };
const read = (update: Readonly<Record<string, unknown>>, served: readonly string[] = []): ReadUpdate =>
  readUpdate({ update_id: 1, ...update }, { bot, commands: BOT_COMMANDS, isServed: (jid) => served.includes(jid), fetch: async (id) => Buffer.from(id) });
const message = (fields: Readonly<Record<string, unknown>>, served: readonly string[] = []) => {
  const found = read(telegramMessage(fields), served);
  if (found.kind !== 'message') throw new Error(`a ${found.kind}`);
  return found.message;
};
const from = { id: 77, is_bot: false, first_name: 'Mia' };

describe('a message from Telegram', () => {
  test('of a group has chat, sender, time and text', () => {
    expect(message({ message_id: 5, date: 1_800_000_000, text: 'hello' })).toMatchObject({
      chat: { jid: `tg:${TEAM}`, name: 'Team', isGroup: true },
      id: '5',
      sender: '77',
      senderName: 'Mia Kim',
      text: 'hello',
      sentAt: 1_800_000_000_000,
      fromBot: false,
      addressed: false,
    });
  });

  test('in private always speaks to the bot', () => {
    expect(message({ chat: { id: 77, type: 'private', first_name: 'Mia' }, text: 'hi' })).toMatchObject({ chat: { jid: 'tg:77', name: 'Mia', isGroup: false }, addressed: true });
  });

  test.each([
    ['a mention', { text: 'hey @anu_bot', entities: [{ type: 'mention', offset: 4, length: 8 }] }, true],
    ['a mention in other case', { text: '@ANU_bot', entities: [{ type: 'mention', offset: 0, length: 8 }] }, true],
    ['a mention of a nameless account', { text: 'hey Anu', entities: [{ type: 'text_mention', offset: 4, length: 3, user: { id: bot.id, is_bot: true, first_name: 'Anu' } }] }, true],
    ['a mention below a picture', { caption: '@anu_bot?', caption_entities: [{ type: 'mention', offset: 0, length: 8 }], photo: [{ file_id: 'p' }] }, true],
    ['a reply to the bot', { text: 'yes', reply_to_message: { message_id: 1, from: { id: bot.id, is_bot: true, first_name: 'Anu' }, text: 'ok?' } }, true],
    ['a mention of somebody else', { text: 'hey @bob', entities: [{ type: 'mention', offset: 4, length: 4 }] }, false],
    ['a reply to somebody else', { text: 'yes', reply_to_message: { message_id: 1, from, text: 'ok?' } }, false],
  ])('%s: addressed %j %s', (_name, fields, addressed) => {
    expect(message(fields).addressed).toBe(addressed);
  });

  test('in a topic belongs to the topic, or to the whole chat when only that is served', () => {
    const topic = { text: 'x', is_topic_message: true, message_thread_id: 7 };
    expect(message(topic).chat.jid).toBe(`tg:${TEAM}/7`);
    expect(message(topic, [`tg:${TEAM}`]).chat.jid).toBe(`tg:${TEAM}`);
    expect(message(topic, [`tg:${TEAM}`, `tg:${TEAM}/7`]).chat.jid).toBe(`tg:${TEAM}/7`);
    expect(message({ text: 'x', message_thread_id: 7 }).chat.jid).toBe(`tg:${TEAM}`);
  });

  test('keeps the trigger at the beginning when it replies to something', () => {
    expect(message({ text: '@Andy what do you think?', reply_to_message: { message_id: 1, from, text: 'two\nlines' } }).text).toBe('@Andy what do you think?\n[in reply to Mia: "two lines"]');
  });

  test('that opens nothing but a topic quotes nothing', () => {
    expect(message({ text: 'x', is_topic_message: true, message_thread_id: 7, reply_to_message: { message_id: 7, from, forum_topic_created: { name: 'T' } } }).text).toBe('x');
  });

  test('from an anonymous admin has the name of the chat', () => {
    expect(message({ text: 'x', from: { id: 1087968824, is_bot: true, first_name: 'Group' }, sender_chat: { id: TEAM, type: 'supergroup', title: 'Team' } })).toMatchObject({ senderName: 'Team', fromBot: false });
  });

  test.each([
    ['photo', { photo: [{ file_id: 'small' }, { file_id: 'large', file_size: 9 }], caption: 'look' }, 'image', 'look'],
    ['voice', { voice: { file_id: 'v', duration: 3, mime_type: 'audio/ogg' } }, 'voice', ''],
    ['audio', { audio: { file_id: 'a', duration: 3, file_name: 'song.mp3' } }, 'audio', ''],
    ['video', { video: { file_id: 'v', duration: 3 } }, 'video', ''],
    ['round video', { video_note: { file_id: 'v', duration: 3 } }, 'video', ''],
    ['document', { document: { file_id: 'd', file_name: 'r.pdf', mime_type: 'application/pdf', file_size: 5 } }, 'document', ''],
  ])('with a %s has it to fetch', (_name, fields, kind, text) => {
    const { attachments, text: read } = message(fields);
    expect(attachments).toMatchObject([{ kind }]);
    expect(read).toBe(text);
  });

  test('with a picture fetches its largest form', async () => {
    const [photo] = message({ photo: [{ file_id: 'small' }, { file_id: 'large' }] }).attachments;
    expect(Buffer.from(await photo!.fetch(100)).toString()).toBe('large');
  });

  test.each([
    ['[Sticker 😀]', { sticker: { emoji: '😀' } }],
    ['[Sticker]', { sticker: {} }],
    ['[Location: 37.5, 127]', { location: { latitude: 37.5, longitude: 127 } }],
    ['[Place: Cafe, Seoul]', { venue: { title: 'Cafe', address: 'Seoul', location: { latitude: 1, longitude: 2 } }, location: { latitude: 1, longitude: 2 } }],
    ['[Contact: Bo Lee, +8210]', { contact: { first_name: 'Bo', last_name: 'Lee', phone_number: '+8210' } }],
    ['[Poll: Lunch?]', { poll: { question: 'Lunch?' } }],
    ['[Dice: 🎲 4]', { dice: { emoji: '🎲', value: 4 } }],
    ['[Story, which is not supported]', { story: {} }],
  ])('of another kind is named to the agent: %s', (line, fields) => {
    expect(message(fields).text).toBe(line);
  });

  test.each([
    ['a new member', { new_chat_members: [from] }],
    ['a new title', { new_chat_title: 'T' }],
    ['a pinned message', { pinned_message: {} }],
  ])('that is a notice of the chat itself says nothing: %s', (_name, fields) => {
    expect(read(telegramMessage(fields)).kind).toBe('nothing');
  });
});

describe('a command', () => {
  test.each([
    ['/status', {}, true],
    ['/STATUS now', {}, true],
    ['/status@anu_bot', {}, true],
    ['/status@other_bot', {}, false],
    ['/weather', {}, false],
  ])('%s is for the bot itself: %j %s', (text, fields, own) => {
    expect(read(telegramCommand(text, fields)).kind).toBe(own ? 'command' : 'message');
  });

  test('in the middle of a text is none', () => {
    expect(read(telegramMessage({ text: 'see /status', entities: [{ type: 'bot_command', offset: 4, length: 7 }] })).kind).toBe('message');
  });
});

test('a pressed button tells who pressed what below which message', () => {
  expect(read(telegramPress(9, 'killswitch:confirm:abc', 5))).toEqual({ kind: 'button', button: { id: expect.any(String), fromId: 5, chatId: 6937032012, messageId: 9, data: 'killswitch:confirm:abc' } });
});

test('a group to which the bot is added is known at once', () => {
  expect(read({ my_chat_member: { chat: { id: -5, type: 'group', title: 'New' } } })).toEqual({ kind: 'chat', chat: { jid: 'tg:-5', name: 'New', isGroup: true } });
});

test.each([
  ['tg:5', { chatId: 5, topicId: null }],
  ['tg:-1001234567890/7', { chatId: -1001234567890, topicId: 7 }],
  ['tg:', null],
  ['tg:5/', null],
  ['tg:5/x', null],
  ['tg:5;6', null],
  ['console:5', null],
])('the address %s stands for %j', (jid, address) => {
  expect(addressOf(jid)).toEqual(address);
});
