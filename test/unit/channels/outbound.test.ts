import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SendError } from '../../../main/channels/channel.ts';
import { SendPace } from '../../../main/channels/send-rates.ts';
import { backoffMs } from '../../../main/channels/backoff.ts';
import { FAMILY, makeChannels } from '../../support/channels/channels-rig.ts';
import { eventually } from '../../support/until.ts';

let rig: ReturnType<typeof makeChannels>;
beforeEach(() => {
  rig = makeChannels();
  rig.channels.start();
});
afterEach(async () => rig.close());

const texts = (): readonly string[] => rig.telegram.taken.map(({ text }) => text);
/** Lets sends that were begun settle, then `ms` pass. */
async function pass(ms: number): Promise<void> {
  await new Promise(setImmediate);
  rig.clock.advance(ms);
  await new Promise(setImmediate);
}

describe('the outbound queue', () => {
  test('keeps what is written while the network is away, and sends it in order when it is back', async () => {
    const { id } = rig.serve();
    rig.telegram.become({ state: 'waiting', reason: 'no network', retryAt: 0 });
    for (const n of [1, 2, 3]) rig.reply(id, `number ${n}`);
    await pass(0);
    expect(texts()).toEqual([]);
    expect(rig.channels.outbound.waiting('telegram')).toBe(3);
    rig.telegram.become({ state: 'connected', as: null });
    await eventually(() => expect(texts()).toEqual(['number 1', 'number 2', 'number 3']));
    expect(rig.channels.outbound.waiting('telegram')).toBe(0);
  });

  test('an item leaves only after the network has taken it: a failing send is repeated and nothing passes it', async () => {
    const { id } = rig.serve();
    let failures = 2;
    rig.telegram.onSend = async () => {
      if (failures-- > 0) throw new SendError('later', 'unreachable');
    };
    rig.reply(id, 'first');
    rig.reply(id, 'second');
    await pass(0);
    expect(texts()).toEqual([]);
    expect(rig.channels.messages.page(FAMILY, { limit: 2 })[1]).toMatchObject({ delivery: 'waiting', deliveryError: 'unreachable' });
    await pass(1000);
    expect(texts()).toEqual([]);
    await pass(2000);
    await eventually(() => expect(texts()).toEqual(['first', 'second']));
  });

  test('a message that the network refuses for good is told as failed, and the next one goes', async () => {
    const { id } = rig.serve();
    rig.telegram.onSend = async (_jid, { text }) => {
      if (text === 'first') throw new SendError('refused', 'the bot was blocked');
    };
    rig.reply(id, 'first');
    rig.reply(id, 'second');
    await eventually(() => expect(texts()).toEqual(['second']));
    expect(rig.channels.messages.page(FAMILY, { limit: 2 })[1]).toMatchObject({ delivery: 'failed', deliveryError: 'the bot was blocked' });
    expect(rig.events('chat').map(({ action }) => action)).toContain('undelivered');
  });

  test('waits as long as the network asks', async () => {
    const { id } = rig.serve();
    let asked = false;
    rig.telegram.onSend = async () => {
      if (asked) return;
      asked = true;
      throw new SendError('later', 'too many', { retryAfterMs: 17_000 });
    };
    rig.reply(id, 'hello');
    await pass(16_900);
    expect(texts()).toEqual([]);
    await pass(100);
    await eventually(() => expect(rig.telegram.taken).toMatchObject([{ text: 'hello', maybeSent: false }]));
  });

  test('one chat that hangs does not keep another waiting', async () => {
    const { id } = rig.serve();
    const other = rig.serve({ jid: 'tg:7', name: 'Other' });
    let letGo = (): void => undefined;
    rig.telegram.onSend = async (jid) => {
      if (jid === FAMILY) await new Promise<void>((resolve) => (letGo = resolve));
    };
    rig.reply(id, 'slow');
    rig.reply(other.id, 'fast');
    await eventually(() => expect(texts()).toEqual(['fast']));
    letGo();
    await eventually(() => expect(texts()).toEqual(['fast', 'slow']));
  });

  test('after a crash in the middle of a send the message goes out again with the same key, marked as a possible repeat', async () => {
    const { id } = rig.serve();
    rig.telegram.onSend = async () => new Promise(() => undefined);
    rig.reply(id, 'once or twice');
    await pass(0);
    const before = rig.store.db.prepare('SELECT send_key FROM outbound').pluck().get();
    rig.restart().start();
    await eventually(() => expect(rig.telegram.taken).toMatchObject([{ text: 'once or twice', sendKey: before, maybeSent: true }]));
    expect(rig.channels.messages.page(FAMILY, { limit: 1 })[0]).toMatchObject({ delivery: 'possibly_repeated' });
  });

  test('gives up after a day of failures, visibly', async () => {
    const { id } = rig.serve();
    rig.telegram.onSend = async () => {
      throw new SendError('later', 'unreachable');
    };
    rig.reply(id, 'hopeless');
    await pass(0);
    rig.clock.jump(25 * 3_600_000);
    await pass(2000);
    await eventually(() => expect(rig.channels.messages.page(FAMILY, { limit: 1 })[0]).toMatchObject({ delivery: 'failed' }));
  });

  test('pausing a channel keeps what waits; resuming sends it', async () => {
    const { id } = rig.serve();
    rig.channels.pause('telegram');
    rig.reply(id, 'later');
    await pass(0);
    expect(texts()).toEqual([]);
    rig.channels.resume('telegram');
    await eventually(() => expect(texts()).toEqual(['later']));
  });

  test('nothing goes out while the kill switch is on, and pulling it cancels what waits', async () => {
    const { id } = rig.serve();
    rig.telegram.become({ state: 'waiting', reason: 'no network', retryAt: 0 });
    rig.reply(id, 'from before');
    rig.setKillSwitch('ACTIVATED');
    rig.telegram.become({ state: 'connected', as: null });
    await pass(0);
    expect(texts()).toEqual([]);
    rig.store.transact((tx) => expect(rig.channels.outbound.cancelAll(tx, 'the kill switch was pulled')).toBe(1));
    rig.setKillSwitch('NORMAL');
    await pass(0);
    expect(texts()).toEqual([]);
    expect(rig.channels.messages.page(FAMILY, { limit: 1 })[0]).toMatchObject({ delivery: 'cancelled', deliveryError: 'the kill switch was pulled' });
  });

  test('a send that fails by a bug is reported and tried again', async () => {
    const { id } = rig.serve();
    let first = true;
    rig.telegram.onSend = async () => {
      if (!first) return;
      first = false;
      throw new TypeError('undefined is not a function');
    };
    rig.reply(id, 'hello');
    await pass(1000);
    await eventually(() => expect(texts()).toEqual(['hello']));
    expect(rig.reported).toMatchObject([{ what: `sending to ${FAMILY}` }]);
  });

  test('keeps to the rates of the network', async () => {
    await rig.close();
    rig = makeChannels({ rates: { chat: [{ count: 1, perMs: 1000 }], group: [{ count: 3, perMs: 60_000 }], all: [] } });
    rig.channels.start();
    const { id } = rig.serve();
    rig.telegram.events.seen({ jid: FAMILY, name: null, isGroup: true }, null);
    for (const n of [1, 2, 3, 4]) rig.reply(id, String(n));
    await pass(0);
    expect(texts()).toEqual(['1']);
    await pass(1000);
    await pass(1000);
    expect(texts()).toEqual(['1', '2', '3']);
    await pass(30_000);
    expect(texts()).toHaveLength(3);
    await pass(29_000);
    await eventually(() => expect(texts()).toEqual(['1', '2', '3', '4']));
  });

  test('a test message stands in the served chat to which it goes, as that of the console, and no agent is given it', async () => {
    const { id, jid } = rig.serve({ jid: 'console:home', name: 'Home', requiresTrigger: false });
    expect(rig.channels.test('console', null)).toEqual({ jid });
    await eventually(() => expect(rig.channels.messages.page(jid, { limit: 5 })).toMatchObject([{ senderName: 'Wheelhouse', content: expect.stringContaining('test message'), delivery: 'sent' }]));
    expect(rig.channels.conversations.next(id)).toBeNull();
  });

  test('a test message goes to the chat that is named, and is refused without one', async () => {
    expect(() => rig.channels.test('telegram', null)).toThrow(/to whom/);
    expect(() => rig.channels.test('telegram', 'console:x')).toThrow(/no chat of telegram/);
    rig.channels.test('telegram', 'tg:5');
    await eventually(() => expect(rig.telegram.taken).toMatchObject([{ jid: 'tg:5', text: expect.stringContaining('test message') }]));
  });
});

describe('the pace', () => {
  const rates = { chat: [{ count: 1, perMs: 1000 }], group: [{ count: 2, perMs: 10_000 }], all: [{ count: 3, perMs: 1000 }] };

  test.each([
    ['a first message goes at once', [], 'a', 0, 0],
    ['a second in the same chat waits for its second', [['a', 0]], 'a', 300, 700],
    ['one in another chat does not', [['a', 0]], 'b', 300, 0],
    ['a third in a group waits for the minute', [['g', 0], ['g', 1500]], 'g', 4000, 6000],
    ['a fourth anywhere waits for all', [['a', 0], ['b', 100], ['c', 200]], 'd', 300, 700],
  ] as const)('%s', (_name, sent, jid, now, wait) => {
    const pace = new SendPace(rates, (chat) => chat === 'g');
    for (const [chat, at] of sent) pace.took(chat, at);
    expect(pace.waitMs(jid, now)).toBe(wait);
  });
});

test('the backoff doubles up to its most, and differs by chance', () => {
  const at = (failures: number, random: number): number => backoffMs(failures, { firstMs: 1000, mostMs: 60_000 }, () => random);
  expect([1, 2, 3, 4, 20, 1e9].map((n) => at(n, 0.5))).toEqual([1000, 2000, 4000, 8000, 60_000, 60_000]);
  expect([at(1, 0), at(1, 1)]).toEqual([800, 1200]);
});
