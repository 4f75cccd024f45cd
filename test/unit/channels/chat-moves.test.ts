import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FAMILY, incoming, makeChannels } from '../../support/channels/channels-rig.ts';
import { eventually } from '../../support/until.ts';

const MOVED = 'tg:-1009876543210';

let rig: ReturnType<typeof makeChannels>;
beforeEach(() => {
  rig = makeChannels();
  rig.channels.start();
});
afterEach(async () => rig.close());

const hear = async (message: Parameters<typeof incoming>[0] = {}): Promise<void> => rig.telegram.events.received(incoming(message));
const move = (): void => rig.telegram.events.moved(FAMILY, MOVED);
const said = (jid: string): readonly string[] => rig.channels.messages.page(jid, { limit: 50 }).map(({ content }) => content).toReversed();

describe('a chat that gets another address', () => {
  test('takes along who serves it, what was said, how far it was read and what is to be sent, and the log says so', async () => {
    const { id } = rig.serve();
    rig.channels.pause('telegram');
    await hear({ text: '@Andy one' });
    const first = rig.channels.messages.page(FAMILY, { limit: 1 })[0]!.id;
    rig.store.transact((tx) => rig.channels.conversations.advance(tx, id, first));
    await hear({ text: '@Andy two' });
    rig.reply(id, 'an answer');

    move();
    expect(rig.groups).toMatchObject([{ id, jid: MOVED }]);
    expect(said(MOVED)).toEqual(['@Andy one', '@Andy two', 'an answer']);
    expect(rig.channels.chats.list()).toMatchObject([{ jid: MOVED, name: 'Family', isGroup: true, lastInAt: expect.any(Number) }]);
    expect(rig.events('chat').at(-1)).toMatchObject({ action: 'moved', text: `Family has a new address: ${MOVED}` });

    rig.channels.resume('telegram');
    expect(rig.channels.conversations.next(id)).toMatchObject({ count: 1, prompt: expect.stringContaining('two') });
    await eventually(() => expect(rig.telegram.taken).toMatchObject([{ jid: MOVED, text: 'an answer' }]));
  });

  test('counts its messages anew: one with a number of before is heard, and the same one twice is one', async () => {
    rig.serve();
    await hear({ id: '7', text: 'before' });
    move();
    const chat = { jid: MOVED, name: 'Family', isGroup: true };
    await hear({ chat, id: '7', text: 'after' });
    await hear({ chat, id: '7', text: 'after' });
    expect(said(MOVED)).toEqual(['before', 'after']);
  });

  test('is told twice, by both chats and by a refused send, and moves once', async () => {
    rig.serve();
    await hear();
    move();
    const events = rig.events('chat').length;
    move();
    expect(rig.events('chat')).toHaveLength(events);
    expect(rig.channels.chats.list().map(({ jid }) => jid)).toEqual([MOVED]);
  });

  test('goes on showing that somebody types, and stops when the work is over', () => {
    const { id } = rig.serve();
    rig.channels.conversations.working(id, true);
    move();
    expect(rig.channels.workingIn()).toEqual([MOVED]);
    rig.channels.conversations.working(id, false);
    expect(rig.channels.workingIn()).toEqual([]);
  });

  test('while something is on its way to it: that counts as sent there, and what follows keeps its turn', async () => {
    const { id } = rig.serve();
    let arrived = (): void => undefined;
    rig.telegram.onSend = async (_jid, { text }) => (text === 'first' ? new Promise<void>((resolve) => (arrived = resolve)) : undefined);
    rig.reply(id, 'first');
    rig.reply(id, 'second');
    await new Promise(setImmediate);
    move();
    await new Promise(setImmediate);
    expect(rig.telegram.taken).toEqual([]);
    arrived();
    await eventually(() => expect(rig.telegram.taken.map(({ text }) => text)).toEqual(['first', 'second']));
    expect(rig.events('chat').filter(({ action }) => action === 'sent').map(({ data }) => JSON.parse(data).jid)).toEqual([MOVED, MOVED]);
  });

  test('that nobody serves moves with its name alone', async () => {
    await hear({ text: 'a secret' });
    move();
    expect(rig.channels.chats.list()).toMatchObject([{ jid: MOVED, name: 'Family' }]);
    expect(rig.store.db.prepare('SELECT count(*) FROM chat_messages').pluck().get()).toBe(0);
  });

  test('to one that another group serves already stays as it is, and the log says what that means', async () => {
    rig.serve();
    rig.serve({ jid: MOVED, name: 'New family' });
    await hear({ text: 'before' });
    move();
    expect(rig.groups.map(({ jid }) => jid)).toEqual([FAMILY, MOVED]);
    expect(said(FAMILY)).toEqual(['before']);
    expect(rig.events('chat').at(-1)).toMatchObject({ action: 'not_moved', text: expect.stringContaining('New family serves already') });
  });

  test('moves whole or not at all', async () => {
    const { id } = rig.serve();
    await hear({ text: 'before' });
    rig.reply(id, 'an answer');
    rig.store.db.exec("CREATE TEMP TRIGGER full BEFORE DELETE ON chats BEGIN SELECT raise(ABORT, 'the disk is full'); END");
    expect(move).toThrow('the disk is full');
    rig.store.db.exec('DROP TRIGGER full');
    expect(said(FAMILY)).toEqual(['before', 'an answer']);
    expect(rig.channels.chats.list().map(({ jid }) => jid)).toEqual([FAMILY]);
    move();
    expect(said(MOVED)).toEqual(['before', 'an answer']);
  });
});
