import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FAMILY, incoming, makeChannels } from '../../support/channels/channels-rig.ts';
import { eventually } from '../../support/until.ts';

let rig: ReturnType<typeof makeChannels>;
beforeEach(() => {
  rig = makeChannels();
  rig.channels.start();
});
afterEach(async () => rig.close());

const next = (groupId: string) => rig.channels.conversations.next(groupId);

describe('a message in a served chat', () => {
  test('is kept and wakes the agent, which reads it with sender and local time', async () => {
    const family = rig.serve();
    await rig.telegram.events.received(incoming());
    expect(rig.arrived).toEqual([family.id]);
    expect(next(family.id)).toEqual({ prompt: '<messages>\n<message sender="Bo" time="2026-11-20T18:00:00+09:00">@Andy hello</message>\n</messages>', upTo: 1, count: 1 });
  });

  test('without the trigger waits as context for one that has it (ROUTER-01)', async () => {
    const family = rig.serve();
    await rig.telegram.events.received(incoming({ text: 'lunch?' }));
    expect(next(family.id)).toBeNull();
    await rig.telegram.events.received(incoming({ text: '@Andy where?', senderName: 'Mia' }));
    expect(next(family.id)?.prompt).toMatch(/sender="Bo".*lunch\?[\s\S]*sender="Mia".*@Andy where\?/);
  });

  test.each([
    ['the main group', { isMain: true }],
    ['a group that needs no trigger', { requiresTrigger: false }],
  ])('in %s needs no trigger', async (_name, group) => {
    const { id } = rig.serve(group);
    await rig.telegram.events.received(incoming({ text: 'just so' }));
    expect(next(id)?.count).toBe(1);
  });

  test('that the network says speaks to the agent needs no trigger', async () => {
    const { id } = rig.serve();
    await rig.telegram.events.received(incoming({ text: 'a reply to it', addressed: true }));
    expect(next(id)?.count).toBe(1);
  });

  test('wakes an agent with a Korean name', async () => {
    const { id } = rig.serve({ trigger: '@앤디' });
    await rig.telegram.events.received(incoming({ text: '@앤디야 오늘 저녁 뭐 먹지?' }));
    expect(next(id)?.count).toBe(1);
  });

  test('that a bot wrote wakes nobody and is not read', async () => {
    const { id } = rig.serve({ requiresTrigger: false });
    await rig.telegram.events.received(incoming({ fromBot: true }));
    expect(next(id)).toBeNull();
  });

  test('delivered twice is one', async () => {
    const { id } = rig.serve();
    await rig.telegram.events.received(incoming({ id: 'same' }));
    await rig.telegram.events.received(incoming({ id: 'same' }));
    expect(next(id)?.count).toBe(1);
    expect(rig.arrived).toHaveLength(1);
  });

  test('of the same second as the last one read is not lost', async () => {
    const { id } = rig.serve();
    await rig.telegram.events.received(incoming({ text: '@Andy one' }));
    rig.store.transact((tx) => rig.channels.conversations.advance(tx, id, next(id)!.upTo));
    await rig.telegram.events.received(incoming({ text: '@Andy two' }));
    expect(next(id)?.prompt).toContain('@Andy two');
    expect(next(id)?.prompt).not.toContain('@Andy one');
  });

  test('is never written into the log, only that it came', async () => {
    rig.serve();
    await rig.telegram.events.received(incoming({ text: '@Andy my secret is 1234' }));
    expect(JSON.stringify(rig.events('chat'))).not.toContain('1234');
    expect(rig.events('chat').map(({ action }) => action)).toEqual(['appeared', 'received']);
  });
});

describe('a chat that no group serves', () => {
  test('is known by address, name and time, and its content is kept nowhere (WA-01)', async () => {
    await rig.telegram.events.received(incoming({ text: 'private words' }));
    expect(rig.channels.chats.list()).toMatchObject([{ jid: FAMILY, name: 'Family', isGroup: true, channel: 'telegram', lastInAt: Date.UTC(2026, 10, 20, 9) }]);
    for (const table of ['chat_messages', 'events', 'outbound']) {
      expect(JSON.stringify(rig.store.db.prepare(`SELECT * FROM ${table}`).all())).not.toContain('private words');
    }
    expect(rig.arrived).toEqual([]);
  });

  test('keeps its name when the network does not tell it, and its newest time', async () => {
    rig.channels.start();
    await rig.telegram.events.received(incoming({ sentAt: 2000 }));
    await rig.telegram.events.received(incoming({ sentAt: 1000, chat: { jid: FAMILY, name: null, isGroup: null } }));
    expect(rig.channels.chats.get(FAMILY)).toMatchObject({ name: 'Family', isGroup: true, lastMessageAt: 2000 });
  });

  test('is called by its address until a name is known', () => {
    rig.telegram.events.seen({ jid: FAMILY, name: null, isGroup: null }, null);
    expect(rig.channels.chats.get(FAMILY)).toMatchObject({ name: FAMILY, isGroup: null, lastMessageAt: null });
    rig.telegram.events.seen({ jid: FAMILY, name: 'Family', isGroup: true }, null);
    expect(rig.channels.chats.get(FAMILY)).toMatchObject({ name: 'Family', isGroup: true });
  });
});

describe('the cursor', () => {
  test('moves over what was taken and goes back to exactly where it was', async () => {
    const { id } = rig.serve();
    await rig.telegram.events.received(incoming({ text: '@Andy one' }));
    const first = next(id)!;
    const previous = rig.store.transact((tx) => rig.channels.conversations.advance(tx, id, first.upTo));
    expect(next(id)).toBeNull();
    await rig.telegram.events.received(incoming({ text: '@Andy two' }));
    rig.store.transact((tx) => rig.channels.conversations.rollBack(tx, id, previous));
    expect(next(id)).toMatchObject({ count: 2 });
  });

  test('of a transaction that fails has not moved', async () => {
    const { id } = rig.serve();
    await rig.telegram.events.received(incoming());
    expect(() =>
      rig.store.transact((tx) => {
        rig.channels.conversations.advance(tx, id, 99);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(next(id)?.count).toBe(1);
  });

  test('gives the newest messages of a very long absence, and says how many are missing', async () => {
    await rig.close();
    rig = makeChannels({ maxPromptMessages: 3 });
    rig.channels.start();
    const { id } = rig.serve({ requiresTrigger: false });
    for (const n of [1, 2, 3, 4, 5]) await rig.telegram.events.received(incoming({ text: `number ${n}` }));
    expect(next(id)).toMatchObject({ upTo: 5, count: 3 });
    expect(next(id)?.prompt).toMatch(/^<messages omitted="2">\n.*number 3/);
  });

  test('after a restart the groups with something to read are known', async () => {
    const family = rig.serve();
    const quiet = rig.serve({ jid: 'tg:2' });
    await rig.telegram.events.received(incoming());
    await rig.telegram.events.received(incoming({ chat: { jid: 'tg:2', name: 'Two', isGroup: true }, text: 'no trigger' }));
    expect(rig.restart().conversations.groupsWithPending()).toEqual([family.id]);
    expect(quiet.id).toBe('g2');
  });
});

describe('an answer', () => {
  test('goes out without what the agent says to itself, and stands in the conversation', async () => {
    const { id } = rig.serve();
    expect(rig.reply(id, '<internal>easy</internal>Hello Bo')).toBe(true);
    await eventually(() => expect(rig.telegram.taken).toMatchObject([{ jid: FAMILY, text: 'Hello Bo' }]));
    expect(rig.channels.messages.page(FAMILY, { limit: 10 })).toMatchObject([{ content: 'Hello Bo', kind: 'reply', fromBot: true, senderName: 'Andy', delivery: 'sent', runId: 'r1' }]);
    expect(next(id)).toBeNull();
  });

  test('of nothing but that is not sent', () => {
    const { id } = rig.serve();
    expect(rig.reply(id, '<internal>nothing to say</internal> ')).toBe(false);
    expect(rig.channels.outbound.waiting('telegram')).toBe(0);
  });

  test('of an error goes the same way and is marked as one', async () => {
    const { id } = rig.serve();
    rig.reply(id, 'The engine is not running.', 'error');
    await eventually(() => expect(rig.telegram.taken).toHaveLength(1));
    expect(rig.channels.messages.page(FAMILY, { limit: 10 })[0]).toMatchObject({ kind: 'error' });
  });

  test('to a group that is gone is refused', () => {
    expect(() => rig.reply('nobody', 'x')).toThrow(/There is no group nobody/);
  });

  test('longer than the network takes is sent in parts, in order', async () => {
    await rig.close();
    rig = makeChannels({ maxLength: 100 });
    rig.channels.start();
    const { id } = rig.serve();
    rig.reply(id, ['a', 'b', 'c'].map((letter) => letter.repeat(80)).join('\n\n'));
    await eventually(() => expect(rig.telegram.taken.map(({ text }) => text[0])).toEqual(['a', 'b', 'c']));
    expect(rig.channels.messages.page(FAMILY, { limit: 10 })).toHaveLength(1);
  });

  test('by the mailbox to any chat is stripped as well', async () => {
    rig.store.transact((tx) => rig.channels.conversations.send(tx, 'tg:77', '<internal>x</internal>ping'));
    await eventually(() => expect(rig.telegram.taken).toMatchObject([{ jid: 'tg:77', text: 'ping' }]));
  });
});

describe('what the person says from a window', () => {
  test('reaches the agent of any group without its trigger, and is not sent into the chat', async () => {
    const { id } = rig.serve();
    const { messageId } = await rig.channels.say(id, 'a word from me', null);
    expect(next(id)).toMatchObject({ upTo: messageId, count: 1 });
    expect(next(id)?.prompt).toContain('sender="Minho"');
    expect(rig.telegram.taken).toEqual([]);
  });

  test('with the same key twice is said once', async () => {
    const { id } = rig.serve({ jid: 'console:home' });
    const first = await rig.channels.say(id, 'hello', 'k1');
    expect(await rig.channels.say(id, 'hello', 'k1')).toEqual(first);
    expect(next(id)?.count).toBe(1);
  });

  test('is refused when empty, to nobody, and while the kill switch is on', async () => {
    const { id } = rig.serve();
    await expect(rig.channels.say(id, '  ', null)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(rig.channels.say('nobody', 'x', null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    rig.setKillSwitch('ACTIVATED');
    await expect(rig.channels.say(id, 'x', null)).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
  });
});

describe('a paused channel, and the kill switch', () => {
  test('while paused messages are kept and start no work; resuming starts it', async () => {
    const { id } = rig.serve();
    rig.channels.pause('telegram');
    await rig.telegram.events.received(incoming());
    expect(rig.arrived).toEqual([]);
    expect(next(id)).toBeNull();
    rig.channels.resume('telegram');
    expect(rig.arrived).toEqual([id]);
    expect(next(id)?.count).toBe(1);
  });

  test('while the kill switch is on messages are kept and start no work; recovering starts it', async () => {
    const { id } = rig.serve();
    rig.setKillSwitch('ACTIVATED');
    await rig.telegram.events.received(incoming());
    expect(rig.arrived).toEqual([]);
    rig.setKillSwitch('NORMAL');
    expect(rig.arrived).toEqual([id]);
  });
});

describe('the time of the last group sync', () => {
  test('is kept as __group_sync__ and shown in no list (WA-02)', () => {
    rig.store.transact((tx) => rig.channels.chats.groupsSynced(tx, 3));
    expect(rig.store.db.prepare("SELECT count(*) FROM chats WHERE jid = '__group_sync__'").pluck().get()).toBe(1);
    expect(rig.channels.chats.groupsSyncedAt()).toBe(rig.clock.now());
    expect(rig.channels.chats.list()).toEqual([]);
    expect(rig.channels.chats.get('__group_sync__')).toBeNull();
    expect(rig.channels.list().find(({ name }) => name === 'whatsapp')).toMatchObject({ lastInAt: null, lastOutAt: null });
  });
});
