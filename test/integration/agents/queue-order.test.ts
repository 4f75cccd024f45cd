import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeQueue } from '../../support/agents/queue-rig.ts';
import { until } from '../../support/until.ts';

let rig: ReturnType<typeof makeQueue>;
beforeEach(() => (rig = makeQueue({ limit: 2 })));
afterEach(async () => rig.close());

const running = (name: string): boolean => rig.runs(name).some(({ state }) => state === 'running');

describe('several groups', () => {
  test('never have more runs alive than the limit, and the next starts when one ends', async () => {
    for (const name of ['a', 'b', 'c']) rig.say(name, 'hi');
    const first = await rig.agent('a');
    await rig.agent('b');
    expect(rig.queue.live()).toHaveLength(2);
    expect(rig.queue.waiting()).toMatchObject([{ reason: 'limit' }]);
    first.exit(0);
    await until(() => running('c'));
    expect(rig.queue.live()).toHaveLength(2);
  });

  test('QUEUE-03: get the slot of the agent that has been idle longest, at once', async () => {
    for (const name of ['a', 'b']) {
      rig.say(name, 'hi');
      (await rig.agent(name)).say('hello');
      await until(() => rig.texts(name).length === 1);
      rig.clock.advance(1000);
    }
    rig.say('c', 'hi');
    await until(() => running('c'));
    expect(rig.states('a')).toEqual(['succeeded']);
    expect(rig.states('b')).toEqual(['running']);
  });

  test('are served in turn: a backlog of one does not starve the others', async () => {
    const order: string[] = [];
    rig.store.onCommit((events) => order.push(...events.flatMap(({ kind, action, data }) => (kind === 'run' && action === 'started' ? [String(data['name'])] : []))));
    for (const prompt of ['1', '2', '3', '4']) rig.task('a', prompt);
    rig.say('b', 'hi');
    rig.say('c', 'hi');
    for (let ended = 0; ended < 6; ended++) {
      await until(() => rig.runner.agents.some(({ alive }) => alive));
      rig.runner.agents.find(({ alive }) => alive)!.exit(0);
      await until(() => rig.runs().filter(({ state }) => state === 'succeeded').length === ended + 1);
    }
    expect(order.indexOf('c')).toBeLessThan(order.lastIndexOf('a') - 1);
    expect(order.slice(0, 4).sort()).toEqual(['a', 'a', 'b', 'c']);
  });

  test('do not wait for one whose chat cannot be read', async () => {
    rig.queue.pause(rig.group('broken').id);
    rig.say('broken', 'hi');
    rig.chats.broken = rig.group('broken').id;
    rig.queue.resume(rig.group('broken').id);
    rig.say('fine', 'hi');
    await until(() => running('fine'));
    expect(rig.troubles).not.toEqual([]);
    rig.chats.broken = null;
    rig.clock.advance(5000);
    await until(() => running('broken'));
  });
});

describe('a run that is stopped by hand', () => {
  test('ends at once, and the chat hears of it; the messages are not tried again', async () => {
    rig.say('a', 'hi');
    const agent = await rig.agent('a');
    const run = await rig.queue.abort(rig.runs('a')[0]!.id);
    expect(run).toMatchObject({ state: 'aborted', cause: 'aborted' });
    expect(agent.alive).toBe(false);
    expect(rig.texts('a')).toEqual(['The work was stopped by hand.']);
    expect(rig.states('a')).toEqual(['aborted']);
    expect(rig.judged).toEqual([]);
  });

  test('is taken out of the queue while it waits, and the schedule hears of it', async () => {
    rig.queue.pause(rig.group('a').id);
    const id = rig.task('a', 'tidy up', 'due-1');
    expect(await rig.queue.abort(id)).toMatchObject({ state: 'aborted', cause: 'cancelled' });
    expect(rig.outcomes).toMatchObject([{ scheduleRunId: 'due-1', status: 'aborted' }]);
    await expect(rig.queue.abort(id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('stops when its agent is suspended, and what waits goes on when the agent may act again', async () => {
    rig.say('a', 'hi');
    const agent = await rig.agent('a');
    rig.agents.suspend('a', 'writes nonsense');
    await rig.reached('a', ['aborted']);
    expect(agent.alive).toBe(false);
    rig.say('a', 'hello?');
    expect(rig.queue.waiting()).toMatchObject([{ reason: 'agent_suspended' }]);
    rig.agents.resume('a');
    await until(() => running('a'));
  });
});

describe('after the death of the program', () => {
  /** The old queue hears nothing more: its process is gone, and so are the agents. */
  const die = (): void => {
    rig.runner.close();
    rig.restart();
  };

  test('what waited runs, and it runs once', async () => {
    rig.queue.pause(rig.group('a').id);
    rig.say('a', 'hi');
    const task = rig.task('a', 'tidy up', 'due-1');
    rig.restart();
    rig.queue.resume(rig.group('a').id);
    await until(() => rig.rows.get(task).state === 'running');
    expect(rig.startedTasks).toEqual(['due-1']);
    expect(rig.runs('a')).toHaveLength(2);
  });

  test('OPS-04: what was under way without an answer is tried again from exactly there', async () => {
    rig.say('a', 'first');
    const agent = await rig.agent('a');
    agent.say('answer');
    await until(() => rig.texts('a').length === 1);
    rig.say('a', 'second');
    expect(agent.takeFollowUps()).toEqual(['second']);
    die();
    await until(() => rig.states('a').length === 2 && running('a'));
    expect(rig.states('a')).toEqual(['failed', 'running']);
    expect(rig.runs('a')[0]!.cause).toBe('interrupted');
    expect(rig.runner.of(rig.group('a').id).input.prompt).toBe('second');
    expect(rig.texts('a')).toEqual(['answer']);
    // It was Wheelhouse that ended, and it does it again: no failure of the agent.
    expect(rig.told()).toEqual([]);
  });

  test('what had answered everything is over, and nobody is told', () => {
    const groupId = rig.group('a').id;
    rig.store.db.prepare("INSERT INTO runs (id, group_id, kind, state, context_mode, not_before, queued_at, sent, turn_over) VALUES ('r', ?, 'messages', 'running', 'group', 0, 0, 1, 1)").run(groupId);
    rig.store.db.prepare("INSERT INTO run_inputs VALUES ('r', 1, 0, 0, 1, 0, 1)").run();
    rig.restart();
    expect(rig.states('a')).toEqual(['failed']);
    expect(rig.texts('a')).toEqual([]);
  });

  test('a scheduled task that was under way has failed, and is not run again', () => {
    const groupId = rig.group('a').id;
    rig.store.db
      .prepare("INSERT INTO runs (id, group_id, kind, state, prompt, context_mode, schedule_run_id, not_before, queued_at, started_at) VALUES ('r', ?, 'task', 'running', 'x', 'group', 'due-1', 0, 0, 0)")
      .run(groupId);
    rig.restart();
    expect(rig.states('a')).toEqual(['failed']);
    expect(rig.outcomes).toMatchObject([{ scheduleRunId: 'due-1', status: 'failed' }]);
  });

  test('messages that nobody handed on wake the agent; those that were given up do not', async () => {
    rig.chats.write(rig.group('a').id, 'unheard');
    rig.restart();
    await until(() => running('a'));
    await rig.queue.abort(rig.runs('a')[0]!.id);
    rig.queue.pause(rig.group('b').id);
    rig.say('b', 'hi');
    await rig.queue.abort(rig.runs('b')[0]!.id);
    rig.restart();
    expect(rig.states('b')).toEqual(['aborted']);
  });
});

describe('OPS-04: a shutdown', () => {
  test('ends agents in good order; one that only waited is done, one that worked is tried again later', async () => {
    rig.say('a', 'hi');
    (await rig.agent('a')).say('hello');
    await until(() => rig.texts('a').length === 1);
    rig.say('b', 'hi');
    await rig.agent('b');
    await rig.queue.stop();
    expect(rig.runner.agents.filter(({ alive }) => alive)).toEqual([]);
    expect(rig.states('a')).toEqual(['succeeded']);
    expect(rig.states('b')).toEqual(['failed', 'queued']);
    expect(rig.runs('b').at(-1)!.attempt).toBe(1);
    rig.say('c', 'too late');
    expect(rig.states('c')).toEqual([]);
    rig.restart();
    await until(() => running('b'));
  });
});

describe('the kill switch', () => {
  test('cancels what waits in its transaction and ends what runs; nothing starts while it is on', async () => {
    for (const name of ['a', 'b', 'c']) rig.say(name, 'hi');
    await rig.agent('a');
    await rig.agent('b');
    expect(rig.store.transact((tx) => rig.queue.cancelWaiting(tx, 'kill_switch'))).toBe(1);
    await rig.queue.killAll();
    expect(rig.runner.agents.filter(({ alive }) => alive)).toEqual([]);
    expect(rig.runs().map(({ cause }) => cause)).toEqual(['kill_switch', 'kill_switch', 'kill_switch']);
    expect(rig.chats.replies()).toEqual([]);
  });
});

test('the chat hears that a long answer is on its way, ever less often, and it does not count as one', async () => {
  await rig.close();
  rig = makeQueue({ times: { idleMs: 1_800_000, taskCloseMs: 10_000, closeGraceMs: 60_000, progressMs: 60_000 } });
  rig.say('a', 'think hard');
  const agent = await rig.agent('a');
  rig.clock.advance(60_000);
  expect(rig.texts('a')).toEqual(['Still working on it …']);
  rig.clock.advance(119_999);
  expect(rig.texts('a')).toHaveLength(1);
  rig.clock.advance(1);
  expect(rig.texts('a')).toHaveLength(2);
  agent.exit(1);
  await rig.reached('a', ['failed', 'queued']);
  expect(rig.chats.cursor(rig.group('a').id)).toBe(0);
});
