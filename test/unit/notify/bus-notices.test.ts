import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SqliteBusStore } from '../../../main/bus/sqlite-store.ts';
import type { Caller } from '../../../main/bus/types.ts';
import { busNotices } from '../../../main/wheelhouse/bus-notices.ts';
import { makeNotifyRig, type NotifyRig } from '../../support/notify-rig.ts';

const agent = (role: string): Caller => ({ role, sessionId: `session-${role}`, agentName: `${role}-1`, verified: true, person: false });
const [be, producer] = [agent('BE'), agent('Producer')];
const person: Caller = { role: 'Producer', sessionId: 'person', agentName: null, verified: true, person: true };

let rig: NotifyRig;
let bus: SqliteBusStore;
beforeEach(() => {
  rig = makeNotifyRig();
  bus = new SqliteBusStore(rig.store, { clock: rig.clock, platform: 'linux', claimSilenceMs: null, coordinator: 'Producer', acks: busNotices({ ...rig, coordinator: 'Producer' }) });
});
afterEach(async () => rig.close());

const ask = async (from: Caller, to_role = 'Producer', ack_required = true, body = 'May I drop the table?') => bus.postMessage(from, { to_role, body, importance: 'normal', ack_required });
const notices = () => rig.history.list().toReversed();

describe('a message that wants an acknowledgement of the person', () => {
  test('is a notice that names who asks what, and leads to the messages', async () => {
    await ask(be);
    expect(notices()).toMatchObject([{ type: 'APPROVAL_REQUESTED', severity: 'warning', context: { from: 'BE', what: 'May I drop the table?', page: 'messages' } }]);
  });

  test('is told also when an agent asks that has the role of the person, and never when the person does', async () => {
    await ask(producer);
    await ask(person);
    await ask(person, 'FE');
    expect(notices().map(({ context }) => context)).toMatchObject([{ from: 'Producer' }]);
  });

  test('is told once, however often the call is repeated', async () => {
    for (let n = 0; n < 2; n += 1) await bus.postMessage(be, { to_role: 'Producer', body: 'x', importance: 'normal', ack_required: true, idempotency_key: 'k' });
    expect(notices()).toHaveLength(1);
    await ask(be);
    expect(notices()).toHaveLength(2);
  });

  test('keeps as much of a long text as a notice can hold, and no half of a character', async () => {
    await ask(be, 'Producer', true, `${'가'.repeat(998)}👩‍🚀 and more`);
    const { what } = notices()[0]!.context as { readonly what: string };
    expect(what).toBe(`${'가'.repeat(998)}…`);
  });

  test('is written in the transaction of the message: without the one there is not the other', async () => {
    const broken = new SqliteBusStore(rig.store, {
      clock: rig.clock,
      platform: 'linux',
      claimSilenceMs: null,
      coordinator: 'Producer',
      acks: {
        asked() {
          throw new Error('the outbox is broken');
        },
        acked: () => undefined,
      },
    });
    await expect(broken.postMessage(be, { to_role: 'Producer', body: 'lost', importance: 'normal', ack_required: true })).rejects.toThrow('the outbox is broken');
    expect((await bus.listMessages({ limit: 10 })).messages).toEqual([]);
  });
});

test('other messages are no notices: to others, or without the wish for an acknowledgement', async () => {
  await ask(be, 'FE');
  await ask(be, 'Producer', false);
  expect(notices()).toEqual([]);
});

describe('an acknowledgement', () => {
  const settled = async (): Promise<void> => {
    const { messages } = await bus.listMessages({ limit: 10 });
    for (const { id } of messages) await bus.ackMessage(person, { message_id: id });
    rig.clock.advance(5000);
    await rig.settled();
  };

  test('settles the notice that still waits, as in quiet hours: nobody is told any more, and nothing was missed', async () => {
    rig.setRules({ quietHours: '00:00-23:59' });
    await ask(be);
    rig.dispatcher.start();
    await rig.settled();
    expect(notices()).toMatchObject([{ state: 'waiting', reason: 'quiet_hours' }]);
    await settled();
    expect(notices()).toMatchObject([{ state: 'suppressed', reason: 'settled', deliveries: [{ state: 'dropped' }] }]);
    expect(rig.history.countMissed()).toBe(0);
    rig.setRules({ quietHours: '' });
    await rig.pass(24 * 3_600_000);
    expect(rig.on('telegram').attempts).toEqual([]);
  });

  test('settles the notice that no channel would carry', async () => {
    rig.on('telegram').absent = 'off';
    await ask(be);
    rig.dispatcher.start();
    await rig.settled();
    expect(rig.history.countMissed()).toBe(1);
    await settled();
    expect(notices()).toMatchObject([{ state: 'suppressed', reason: 'no_channel' }]);
    expect(rig.history.countMissed()).toBe(0);
  });

  test('leaves alone what is told, and what others asked', async () => {
    await ask(be);
    rig.dispatcher.start();
    await rig.settled();
    const other = await ask(agent('FE'));
    await bus.ackMessage(producer, { message_id: other.message_id });
    await rig.pass(5000);
    const [first, second] = notices();
    expect(first).toMatchObject({ state: 'delivered', seenAt: null });
    expect(second).toMatchObject({ state: 'suppressed', reason: 'settled' });
    expect(rig.on('telegram').messages).toMatchObject([{ tells: ['Waits for your decision'] }]);
  });

  test('does not call back what is on its way at this moment', async () => {
    const answer = Promise.withResolvers<void>();
    rig.on('telegram').answer = async () => {
      await answer.promise;
      return { kind: 'sent', providerId: null };
    };
    await ask(be);
    rig.dispatcher.start();
    await rig.settled();
    await settled();
    expect(notices()).toMatchObject([{ state: 'waiting', deliveries: [{ state: 'leased' }] }]);
    answer.resolve();
    await rig.settled();
    expect(notices()).toMatchObject([{ state: 'delivered', deliveries: [{ state: 'sent' }] }]);
  });
});

test('a question to the person counts once for the tray: as a message', async () => {
  rig.on('telegram').absent = 'off';
  await ask(be);
  rig.dispatcher.start();
  await rig.settled();
  expect(rig.history.countMissed()).toBe(1);
  expect(rig.history.countUnheard()).toBe(0);
});
