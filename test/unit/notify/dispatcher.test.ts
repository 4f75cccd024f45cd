import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, killSwitchOn, makeNotifyRig, renewed, runFailed, type NotifyRig } from '../../support/notify-rig.ts';

let rig: NotifyRig;
beforeEach(() => {
  rig = makeNotifyRig();
});
afterEach(async () => {
  await rig.close();
  expect(rig.reported).toEqual([]);
});

const deliveries = (id: number) => rig.history.get(id).deliveries.map(({ channel, state }) => `${channel} ${state}`);
const outcomes = (id: number) => rig.history.attempts(id).map(({ channel, outcome }) => `${channel} ${outcome}`);

describe('coalescing', () => {
  test('sends the first at once, and what follows within two seconds as one list', async () => {
    rig.dispatcher.start();
    rig.enqueue(done('897.1'));
    await rig.settled();
    rig.enqueue(done('897.2'));
    await rig.pass(500);
    rig.enqueue(done('897.3'), runFailed('dev'));
    await rig.pass(5000);
    const telegram = rig.on('telegram');
    expect(telegram.messages.map(({ tells }) => tells)).toEqual([['897.1 done'], ['897.2 done', '897.3 done', 'A run of dev failed']]);
    expect(telegram.messages[1]!.at - telegram.messages[0]!.at).toBe(2000);
  });

  test('T7: 16 at once are two messages, and nobody is told twice', async () => {
    rig.dispatcher.start();
    const ids = rig.enqueue(...Array.from({ length: 16 }, (_, n) => done(`task-${n}`)));
    await rig.pass(5000);
    expect(rig.on('telegram').messages.flatMap(({ tells }) => tells).sort()).toEqual(Array.from({ length: 16 }, (_, n) => `task-${n} done`).sort());
    expect(rig.on('telegram').messages.length).toBeLessThanOrEqual(2);
    expect(ids.map((id) => rig.history.get(id).state)).toEqual(ids.map(() => 'delivered'));
  });

  test('splits a list that does not fit into one message', async () => {
    rig.on('telegram').most = 4;
    rig.dispatcher.start();
    rig.enqueue(done('0'));
    await rig.settled();
    rig.enqueue(...Array.from({ length: 10 }, (_, n) => done(`task-${n}`)));
    await rig.pass(10_000);
    expect(rig.on('telegram').messages.map(({ tells }) => tells.length)).toEqual([1, 4, 4, 2]);
  });

  test('never puts a critical notice or one with a button into a list, and never lets a critical one wait', async () => {
    rig.dispatcher.start();
    rig.enqueue(done('1'));
    await rig.settled();
    rig.enqueue(done('2'), renewed(true), done('3'), killSwitchOn());
    await rig.settled();
    expect(rig.on('telegram').messages.map(({ tells }) => tells)).toEqual([['1 done'], ['Kill switch on']]);
    await rig.pass(10_000);
    expect(rig.on('telegram').messages.slice(2).map(({ tells }) => tells)).toEqual(expect.arrayContaining([['2 done', '3 done'], ['Session renewed']]));
  });
});

describe('an ordinary notice', () => {
  beforeEach(() => {
    rig = makeNotifyRig(['telegram', 'discord', 'desktop']);
  });

  test('goes to the first channel that takes it, and to no other', async () => {
    rig.dispatcher.start();
    const [id] = rig.enqueue(done('1'));
    await rig.settled();
    expect(deliveries(id!)).toEqual(['telegram sent']);
    expect(rig.on('discord').attempts).toEqual([]);
  });

  test('follows the order of the settings', async () => {
    rig.setRules({ priority: ['desktop'] });
    rig.dispatcher.start();
    const [id] = rig.enqueue(done('1'));
    await rig.settled();
    expect(deliveries(id!)).toEqual(['desktop sent']);
  });

  test('goes down the list until one channel takes it; the others drop it', async () => {
    rig.on('telegram').answer = () => ({ kind: 'failed', reason: 'no answer', uncertain: false });
    rig.on('discord').answer = () => ({ kind: 'unusable', reason: 'HTTP 404' });
    rig.dispatcher.start();
    const [id] = rig.enqueue(done('1'));
    await rig.settled();
    expect(deliveries(id!)).toEqual(['telegram dropped', 'discord dead', 'desktop sent']);
    expect(rig.history.get(id!).state).toBe('delivered');
  });

  test('does not wait for a channel that rests, and goes to the next at once', async () => {
    rig.on('telegram').answer = () => ({ kind: 'throttled', retryAfterMs: 60_000 });
    rig.dispatcher.start();
    rig.enqueue(done('1'));
    await rig.settled();
    const [later] = rig.enqueue(runFailed('dev'));
    await rig.pass(3000);
    expect(rig.on('telegram').attempts).toHaveLength(1);
    expect(deliveries(later!)).toEqual(['telegram dropped', 'discord sent']);
  });
});

test('a critical notice goes to every channel, and one that fails does not hold the others up', async () => {
  rig = makeNotifyRig(['telegram', 'discord', 'ntfy', 'desktop']);
  rig.on('discord').answer = () => ({ kind: 'refused', reason: 'HTTP 400' });
  rig.dispatcher.start();
  const [id] = rig.enqueue(killSwitchOn());
  await rig.settled();
  expect(deliveries(id!)).toEqual(['telegram sent', 'discord dead', 'ntfy sent', 'desktop sent']);
  expect(rig.history.get(id!).state).toBe('delivered');
});

describe('an escalation', () => {
  const escalated = { type: 'COMPLETION_ESCALATED', context: { completionId: 'c', task: '897', times: 1, team: null, finishedAt: '2026-11-20T09:00:00.000Z', waitedMinutes: 30 } } as const;

  test.each([
    [[], ['telegram', 'discord', 'desktop']],
    [['desktop', 'discord'], ['discord', 'desktop']],
    // A channel that was named and is not set up must not swallow it.
    [['ntfy'], ['telegram', 'discord', 'desktop']],
  ] as const)('to %j is told by %j', async (escalateTo, told) => {
    rig = makeNotifyRig(['telegram', 'discord', 'desktop']);
    rig.setRules({ escalateTo });
    rig.dispatcher.start();
    const [id] = rig.enqueue(escalated);
    await rig.settled();
    expect(deliveries(id!)).toEqual(told.map((channel) => `${channel} sent`));
  });
});

describe('when a channel fails', () => {
  test('T5: an outage is waited out with growing pauses, then everything is told, as a list', async () => {
    const telegram = rig.on('telegram');
    telegram.answer = () => ({ kind: 'failed', reason: 'the connection failed (ECONNREFUSED)', uncertain: false });
    rig.dispatcher.start();
    rig.enqueue(done('1'));
    await rig.settled();
    rig.enqueue(done('2'), done('3'));
    await rig.pass(60_000);
    const pauses = telegram.attempts.map(({ at }, n) => at - (telegram.attempts[n - 1]?.at ?? at)).slice(1);
    expect(pauses.slice(0, 3)).toEqual([5000, 10_000, 20_000].map((ms) => expect.toSatisfy((pause: number) => pause >= ms && pause < ms + 600)));
    telegram.answer = () => ({ kind: 'sent', providerId: '7' });
    await rig.pass(60_000);
    expect(telegram.messages.map(({ tells }) => tells)).toEqual([['1 done', '2 done', '3 done']]);
    expect(telegram.messages[0]!.repeats).toEqual([]);
  });

  test('429 is obeyed for as long as it asks, and is not a failure', async () => {
    const telegram = rig.on('telegram');
    telegram.answer = () => ({ kind: 'throttled', retryAfterMs: 7000 });
    rig.dispatcher.start();
    const [id] = rig.enqueue(done('1'));
    await rig.settled();
    await rig.pass(6900);
    expect(telegram.attempts).toHaveLength(1);
    telegram.answer = () => ({ kind: 'sent', providerId: null });
    await rig.pass(200);
    expect(outcomes(id!)).toEqual(['telegram throttled', 'telegram sent']);
    expect(rig.dispatcher.records.get('telegram').failures).toBe(0);
  });

  test('400 for one notice is the end of it; it is missed, and can be told again', async () => {
    rig.on('telegram').answer = () => ({ kind: 'refused', reason: 'HTTP 400: Bad Request' });
    rig.dispatcher.start();
    const [id] = rig.enqueue(done('1'));
    await rig.pass(60_000);
    expect(rig.on('telegram').attempts).toHaveLength(1);
    expect(rig.history.get(id!)).toMatchObject({ state: 'failed', reason: 'HTTP 400: Bad Request' });
    expect(rig.history.countMissed()).toBe(1);
    rig.on('telegram').answer = () => ({ kind: 'sent', providerId: null });
    rig.history.resend(id!);
    await rig.pass(3000);
    expect(rig.history.get(id!).state).toBe('delivered');
    expect(rig.history.countMissed()).toBe(0);
  });

  test('one poisoned notice in a list of 40 is found by halves; the 39 others are told once', async () => {
    const telegram = rig.on('telegram');
    telegram.answer = ({ tells }) => (tells.includes('poison done') ? { kind: 'refused', reason: 'HTTP 400' } : { kind: 'sent', providerId: null });
    rig.dispatcher.start();
    rig.enqueue(done('0'));
    await rig.settled();
    const ids = rig.enqueue(...Array.from({ length: 39 }, (_, n) => done(`task-${n}`)), done('poison'));
    await rig.pass(60_000);
    expect(telegram.messages.flatMap(({ tells }) => tells).sort()).toEqual(['0 done', ...Array.from({ length: 39 }, (_, n) => `task-${n} done`)].sort());
    expect(rig.history.get(ids.at(-1)!).state).toBe('failed');
    expect(telegram.attempts.length).toBeLessThan(20);
  });

  test('a delivery is given up after its time, and the notice with it', async () => {
    rig.setRules({ retryMs: 3_600_000 });
    rig.on('telegram').answer = () => ({ kind: 'failed', reason: 'HTTP 502', uncertain: true });
    rig.dispatcher.start();
    const [id] = rig.enqueue(done('1'));
    await rig.pass(90 * 60_000);
    expect(rig.history.get(id!)).toMatchObject({ state: 'failed' });
    expect(rig.history.get(id!).reason).toContain('HTTP 502; it was tried for 1 hours');
  });

  test('three failures in a row are told by another channel, once; so is nothing when it comes back', async () => {
    rig = makeNotifyRig(['telegram', 'desktop']);
    rig.on('telegram').answer = () => ({ kind: 'failed', reason: 'HTTP 502', uncertain: true });
    rig.dispatcher.start();
    rig.enqueue(killSwitchOn());
    await rig.pass(120_000);
    expect(rig.on('desktop').messages.flatMap(({ tells }) => tells)).toEqual(['Kill switch on', 'Notices by Telegram do not arrive']);
    rig.on('telegram').answer = () => ({ kind: 'sent', providerId: null });
    await rig.pass(300_000);
    expect(rig.on('telegram').messages.map(({ tells }) => tells)).toEqual([['Kill switch on']]);
    const events = rig.store.db.prepare("SELECT action FROM events WHERE action LIKE 'channel_%'").pluck().all();
    expect(events).toEqual(['channel_down', 'channel_up']);
  });
});

describe('a process that dies', () => {
  test('between request and answer: the row is sent again by the next one, which says that it may be a repeat', async () => {
    rig.on('telegram').answer = async () => new Promise(() => {});
    rig.dispatcher.start();
    const [id] = rig.enqueue(done('1'));
    await rig.settled();
    // The first dispatcher never comes back from its request: as killed.
    rig.on('telegram').answer = () => ({ kind: 'sent', providerId: null });
    const next = rig.dispatcherOf({ processName: 'next' });
    next.start();
    await rig.pass(3000);
    expect(rig.on('telegram').messages).toMatchObject([{ tells: ['1 done'], repeats: ['1 done'] }]);
    expect(outcomes(id!)).toEqual(['telegram unknown', 'telegram sent']);
    await next.stop();
    rig = makeNotifyRig();
  });

  test('a command: its lease ends by time, and the core takes over then and not before', async () => {
    const telegram = rig.on('telegram');
    telegram.answer = async () => new Promise(() => {});
    const command = rig.dispatcherOf({ kind: 'command', processName: '4711' });
    rig.enqueue(done('1'));
    command.check();
    await rig.settled();
    telegram.answer = () => ({ kind: 'sent', providerId: null });
    rig.dispatcher.start();
    await rig.pass(29_000);
    expect(telegram.messages).toEqual([]);
    await rig.pass(2000);
    expect(telegram.messages).toMatchObject([{ tells: ['1 done'], repeats: ['1 done'] }]);
  });

  test('a late answer counts when nobody has begun anew', async () => {
    let answer: (outcome: { kind: 'sent'; providerId: string }) => void = () => {};
    rig.on('telegram').answer = async () => new Promise((resolve) => (answer = resolve));
    rig.dispatcher.start();
    const [id] = rig.enqueue(done('1'));
    await rig.settled();
    rig.clock.jump(40_000);
    answer({ kind: 'sent', providerId: '7' });
    await rig.pass(10_000);
    expect(rig.on('telegram').attempts).toHaveLength(1);
    expect(rig.history.get(id!).state).toBe('delivered');
  });
});

test('an answer that never came marks the next attempt as a possible repeat', async () => {
  rig.on('telegram').answer = () => ({ kind: 'failed', reason: 'no answer within 10 s', uncertain: true });
  rig.dispatcher.start();
  rig.enqueue(done('1'));
  await rig.settled();
  rig.on('telegram').answer = () => ({ kind: 'sent', providerId: null });
  await rig.pass(6000);
  expect(rig.on('telegram').messages).toMatchObject([{ tells: ['1 done'], repeats: ['1 done'] }]);
});

describe('limits', () => {
  test('of the channel hold, over any stretch of time and over two processes', async () => {
    const limited = makeNotifyRig();
    Object.assign(limited.on('telegram'), { limits: [{ count: 1, perMs: 1000 }, { count: 5, perMs: 60_000 }], most: 1 });
    const other = limited.dispatcherOf({ kind: 'command', processName: '9' });
    limited.dispatcher.start();
    limited.enqueue(...Array.from({ length: 12 }, (_, n) => done(`task-${n}`)));
    other.start();
    await limited.pass(200_000);
    const times = limited.on('telegram').messages.map(({ at }) => at);
    expect(times).toHaveLength(12);
    for (const [n, at] of times.entries()) {
      if (n >= 1) expect(at - times[n - 1]!).toBeGreaterThanOrEqual(1000);
      if (n >= 5) expect(at - times[n - 5]!).toBeGreaterThanOrEqual(60_000);
    }
    await other.stop();
    await limited.close();
  });

  test('over all channels hold too', async () => {
    rig = makeNotifyRig(['telegram', 'discord', 'ntfy', 'desktop']);
    rig.setRules({ maxPerMinute: 4 });
    rig.dispatcher.start();
    rig.enqueue(killSwitchOn(), killSwitchOn());
    await rig.pass(59_000);
    expect(rig.paper.flatMap(({ messages }) => messages)).toHaveLength(4);
    await rig.pass(62_000);
    expect(rig.paper.flatMap(({ messages }) => messages)).toHaveLength(8);
  });

  test('a type that comes too often is kept back and counted; completions never are', async () => {
    rig.setRules({ maxPerHour: 3 });
    rig.dispatcher.start();
    rig.enqueue(...Array.from({ length: 5 }, (_, n) => runFailed(`g${n}`)), ...Array.from({ length: 5 }, (_, n) => done(`t${n}`)));
    await rig.pass(5000);
    expect(rig.history.list({ which: 'suppressed' }).map(({ type, reason }) => `${type} ${reason}`)).toEqual(['RUN_FAILED throttled', 'RUN_FAILED throttled']);
    expect(rig.history.countMissed()).toBe(2);
    expect(rig.on('telegram').messages.flatMap(({ tells }) => tells)).toHaveLength(8);
    await rig.pass(3_600_000);
    rig.enqueue(runFailed('later'));
    await rig.pass(5000);
    expect(rig.on('telegram').messages.at(-1)!.tells).toEqual(['A run of later failed']);
  });
});

describe('what the person does not want', () => {
  test('a type that is off for a channel goes to the next one; off for all it only counts', async () => {
    rig = makeNotifyRig(['telegram', 'desktop']);
    rig.dispatcher.start();
    rig.history.setMute('COMPLETION_DONE', 'telegram', true);
    const [first] = rig.enqueue(done('1'));
    await rig.settled();
    expect(deliveries(first!)).toEqual(['desktop sent']);
    rig.history.setMute('COMPLETION_DONE', 'desktop', true);
    const [second] = rig.enqueue(done('2'));
    await rig.settled();
    expect(rig.history.get(second!)).toMatchObject({ state: 'suppressed', reason: 'muted' });
    expect(rig.history.countMissed()).toBe(1);
    rig.history.markSeen({ upTo: second! });
    expect(rig.history.countMissed()).toBe(0);
  });

  test('in quiet hours ordinary notices wait for their end and come as a list; critical ones come at once', async () => {
    const now = new Date(rig.clock.now());
    const time = (hours: number) => `${String((now.getHours() + hours + 24) % 24).padStart(2, '0')}:00`;
    rig.setRules({ quietHours: `${time(-1)}-${time(2)}` });
    rig.dispatcher.start();
    const [id] = rig.enqueue(done('1'), done('2'), killSwitchOn());
    await rig.pass(5000);
    expect(rig.on('telegram').messages.map(({ tells }) => tells)).toEqual([['Kill switch on']]);
    expect(rig.history.get(id!)).toMatchObject({ state: 'waiting', reason: 'quiet_hours' });
    await rig.pass(3 * 3_600_000);
    expect(rig.on('telegram').messages.slice(1).map(({ tells }) => tells)).toEqual([['1 done', '2 done']]);
  });

  test('without any channel it only counts, and a command leaves it to the core', async () => {
    const bare = makeNotifyRig([]);
    const command = bare.dispatcherOf({ kind: 'command' });
    const [id] = bare.enqueue(done('1'));
    command.check();
    expect(bare.history.get(id!).state).toBe('new');
    bare.dispatcher.start();
    expect(bare.history.get(id!)).toMatchObject({ state: 'suppressed', reason: 'no_channel' });
    await bare.close();
  });
});

test('the reject link is made when the notice leaves, and stands nowhere in the database', async () => {
  rig.dispatcher.start();
  rig.enqueue(renewed(true), renewed(false, '0194a000-0000-7000-8000-000000000002'));
  await rig.pass(3000);
  expect(rig.on('telegram').messages.flatMap(({ links }) => links)).toEqual(['http://127.0.0.1:3100/reject/0194a000-0000-7000-8000-000000000001']);
  for (const table of ['notices', 'notice_deliveries', 'notice_attempts', 'events']) {
    expect(JSON.stringify(rig.store.db.prepare(`SELECT * FROM ${table}`).all())).not.toContain('/reject/');
  }
});

test('an idle dispatcher has one timer, and none faster than five seconds', async () => {
  rig.dispatcher.start();
  rig.enqueue(done('1'));
  await rig.pass(5000);
  expect(rig.clock.timers).toBe(1);
  let writes = 0;
  rig.store.onCommit(() => (writes += 1));
  const before = rig.store.db.prepare('SELECT total_changes()').pluck().get();
  await rig.pass(3_600_000);
  expect(writes).toBe(0);
  expect(rig.store.db.prepare('SELECT total_changes()').pluck().get()).toBe(before);
});

test('what a drained command queued is sent before it ends', async () => {
  const command = rig.dispatcherOf({ kind: 'command' });
  rig.enqueue(done('1'));
  const ended = command.drain(rig.clock.now() + 5000);
  await rig.pass(100);
  await ended;
  expect(rig.on('telegram').messages).toHaveLength(1);
});
