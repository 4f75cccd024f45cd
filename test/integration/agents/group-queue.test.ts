import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeQueue } from '../../support/agents/queue-rig.ts';
import { until } from '../../support/until.ts';

let rig: ReturnType<typeof makeQueue>;
beforeEach(() => (rig = makeQueue()));
afterEach(async () => rig.close());

describe('a message', () => {
  test('starts a run that gets everything said since the last one, and its answer goes to the chat while it lives', async () => {
    rig.chats.write(rig.group('family').id, 'first');
    rig.say('family', 'second');
    const agent = await rig.agent('family');
    expect(agent.input).toEqual({ prompt: 'first\nsecond', groupFolder: 'family', chatJid: 'family@g.us', isMain: false, assistantName: 'Andy' });
    agent.say('hello', 'session-1');
    await until(() => rig.texts('family').length === 1);
    expect(rig.states('family')).toEqual(['running']);
    expect(rig.runs('family')[0]).toMatchObject({ sent: 1, messages: 2, sessionId: 'session-1', result: 'hello', turnOver: true });
    agent.exit(0);
    await rig.reached('family', ['succeeded']);
    expect(rig.judged).toEqual(['good family']);
  });

  test('RUNNER-02: a new session is stored with the first output that names it, and the next run continues it', async () => {
    rig.say('family', 'hi');
    (await rig.agent('family')).say(null, 'session-7');
    await until(() => rig.groups.get(rig.group('family').id).sessionId === 'session-7');
    rig.runner.of(rig.group('family').id).exit(0);
    await rig.reached('family', ['succeeded']);
    rig.say('family', 'again');
    expect((await rig.agent('family')).input.sessionId).toBe('session-7');
  });

  test('RUNNER-02: every result is sent on its own, in order, without what is internal', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.say('one');
    agent.say('<internal>not for you</internal>');
    agent.say('two <internal>hidden</internal>');
    agent.exit(0);
    await rig.reached('family', ['succeeded']);
    expect(rig.texts('family')).toEqual(['one', 'two']);
    expect(rig.runs('family')[0]!.sent).toBe(2);
  });

  test('shows typing from its arrival until the turn is over', async () => {
    rig.say('family', 'hi');
    const { id } = rig.group('family');
    expect(rig.chats.typing.get(id)).toBe(true);
    (await rig.agent('family')).say('hello');
    await until(() => rig.chats.typing.get(id) === false);
    rig.say('family', 'and?');
    expect(rig.chats.typing.get(id)).toBe(true);
  });

  test('leads to no second run when two arrive at once', async () => {
    const { id } = rig.group('family');
    rig.groups.update(id, {});
    rig.queue.pause(id);
    rig.say('family', 'a');
    rig.say('family', 'b');
    expect(rig.states('family')).toEqual(['queued']);
    rig.queue.resume(id);
    expect((await rig.agent('family')).input.prompt).toBe('a\nb');
  });
});

describe('QUEUE-01: a live run', () => {
  test('is tracked with its process, container and folder until it ends', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    expect(rig.queue.live()).toMatchObject([{ run: { groupId: rig.group('family').id, pid: agent.pid, containerName: `scripted-${agent.pid}` }, idle: false, closing: false }]);
    agent.exit(0);
    await rig.reached('family', ['succeeded']);
    expect(rig.queue.live()).toEqual([]);
  });
});

describe('QUEUE-02: a follow-up', () => {
  test('goes into the live run, and the cursor moves with it', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    rig.say('family', 'one more thing');
    expect(rig.chats.cursor(rig.group('family').id)).toBe(2);
    expect(agent.takeFollowUps()).toEqual(['one more thing']);
    expect(rig.states('family')).toEqual(['running']);
    expect(rig.runs('family')[0]!.messages).toBe(2);
  });

  test('that the agent never took is given to the next run', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.say('hello');
    await until(() => rig.texts('family').length === 1);
    rig.say('family', 'too late');
    agent.exit(0);
    await rig.reached('family', ['succeeded', 'running']);
    expect(rig.runner.of(rig.group('family').id).input.prompt).toBe('too late');
    expect(rig.texts('family')).toEqual(['hello']);
  });

  test('that cannot be written is given to the next run as well, and the agent is let go', async () => {
    rig.say('family', 'hi');
    await rig.agent('family');
    rig.runner.diskFull = true;
    rig.say('family', 'lost?');
    await rig.reached('family', ['succeeded', 'running']);
    expect(rig.runner.of(rig.group('family').id).input.prompt).toBe('lost?');
    expect(rig.chats.cursor(rig.group('family').id)).toBe(2);
  });

  test('never goes into the run of a scheduled task', async () => {
    rig.task('family', 'tidy up');
    const agent = await rig.agent('family');
    rig.say('family', 'hi');
    expect(rig.states('family')).toEqual(['running', 'queued']);
    expect(agent.takeFollowUps()).toEqual([]);
    agent.exit(0);
    await rig.reached('family', ['succeeded', 'running']);
  });

  test('waits while the group is paused', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    rig.queue.pause(rig.group('family').id);
    rig.say('family', 'later');
    expect(agent.takeFollowUps()).toEqual([]);
    expect(rig.queue.waiting()).toMatchObject([{ reason: 'group_paused' }]);
  });
});

describe('QUEUE-03: an idle agent', () => {
  test('is asked to end when the idle timeout has passed since its last text, and a sign of life does not keep it', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.say('hello');
    await until(() => rig.texts('family').length === 1);
    rig.clock.advance(1_000_000);
    agent.say(null);
    agent.mutter('the sign was read');
    await until(() => rig.watch.of(agent.runId).some(({ text }) => text.includes('the sign was read')));
    rig.clock.advance(799_999);
    expect(agent.asked).toBe(false);
    rig.clock.advance(1);
    await until(() => agent.asked);
    await rig.reached('family', ['succeeded']);
  });

  test('is kept longer by another text, and by a follow-up', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.say('one');
    await until(() => rig.texts('family').length === 1);
    rig.clock.advance(1_700_000);
    agent.say('two');
    await until(() => rig.texts('family').length === 2);
    rig.clock.advance(1_700_000);
    rig.say('family', 'still there?');
    rig.clock.advance(1_700_000);
    expect(agent.asked).toBe(false);
  });

  test('that never said anything is let go as well', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.say(null);
    await until(() => rig.queue.live()[0]?.idle === true);
    rig.clock.advance(1_800_000);
    await rig.reached('family', ['succeeded']);
    expect(agent.alive).toBe(false);
  });

  test('of a scheduled task is let go 10 s after its first sign, with a text or without', async () => {
    rig.task('family', 'only use send_message');
    const agent = await rig.agent('family');
    agent.say(null);
    await until(() => rig.queue.live()[0]?.idle === true);
    rig.clock.advance(9_999);
    expect(agent.asked).toBe(false);
    rig.clock.advance(1);
    await rig.reached('family', ['succeeded']);
  });

  test('makes room when its own group has a scheduled task; one that works is left alone', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    rig.task('family', 'tidy up');
    expect(agent.asked).toBe(false);
    agent.say('hello');
    await rig.reached('family', ['succeeded', 'running']);
    expect(rig.runner.of(rig.group('family').id).input).toMatchObject({ prompt: 'tidy up', isScheduledTask: true });
  });

  test('that does not end is stopped after a minute, and counts as done', async () => {
    rig.runner.obedient = false;
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.say('hello');
    await until(() => rig.texts('family').length === 1);
    rig.clock.advance(1_800_000);
    expect(agent.asked).toBe(true);
    rig.clock.advance(60_000);
    await rig.reached('family', ['succeeded']);
    expect(rig.texts('family')).toEqual(['hello']);
  });
});

describe('a run that fails', () => {
  test('is tried again after 5, 10, 20, 40 and 80 s, then the chat hears of it and nobody tries any more', async () => {
    rig.say('family', 'hi');
    for (const [attempt, seconds] of [5, 10, 20, 40, 80].entries()) {
      (await rig.agent('family')).exit(1);
      await until(() => rig.states('family').at(-1) === 'queued');
      expect(rig.chats.cursor(rig.group('family').id)).toBe(0);
      expect(rig.queue.waiting()).toMatchObject([{ reason: 'retry', run: { attempt: attempt + 2 } }]);
      rig.clock.advance(seconds * 1000 - 1);
      expect(rig.states('family').at(-1)).toBe('queued');
      rig.clock.advance(1);
    }
    (await rig.agent('family')).exit(1);
    await rig.reached('family', ['failed', 'failed', 'failed', 'failed', 'failed', 'dead']);
    expect(rig.chats.replies()).toMatchObject([{ kind: 'error', text: 'Sorry, I could not answer this. The agent ended with an error.' }]);
    expect(rig.judged).toEqual(['bad family']);
    expect(rig.told().map(({ type }) => type)).toEqual([...Array.from({ length: 5 }, () => 'RUN_FAILED'), 'RUN_DEAD']);
    expect(rig.told().at(-1)).toMatchObject({ runId: rig.runs('family').at(-1)!.id, group: 'family', reason: 'The agent ended with code 1.', attempts: 6 });
    rig.say('family', 'are you there?');
    expect((await rig.agent('family')).input.prompt).toBe('hi\nare you there?');
  });

  test('begins anew with the first attempt after one that went well', async () => {
    rig.say('family', 'hi');
    (await rig.agent('family')).exit(1);
    await rig.reached('family', ['failed', 'queued']);
    const [failed, next] = rig.runs('family');
    expect(rig.told()).toEqual([
      { type: 'RUN_FAILED', runId: failed!.id, group: 'family', reason: 'The agent ended with code 1.', attempts: 1, retryAt: new Date(next!.notBefore).toISOString() },
    ]);
    rig.clock.advance(5000);
    const agent = await rig.agent('family');
    agent.say('hello');
    agent.exit(0);
    await rig.reached('family', ['failed', 'succeeded']);
    rig.say('family', 'more');
    (await rig.agent('family')).exit(1);
    await rig.reached('family', ['failed', 'succeeded', 'failed', 'queued']);
    expect(rig.runs('family').at(-1)!.attempt).toBe(2);
  });

  test('ROUTER-01: is not tried again once a text was sent, and the chat hears of it', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.print({ status: 'error', result: 'half an answer', error: 'lost my way' });
    agent.exit(1);
    await rig.reached('family', ['dead']);
    expect(rig.chats.cursor(rig.group('family').id)).toBe(1);
    expect(rig.texts('family')).toEqual(['half an answer', 'Sorry, I could not answer this. The agent ended with an error.']);
  });

  test('ROUTER-01: gives a follow-up that got no answer, and nothing else, to the next run', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.say('hello');
    await until(() => rig.texts('family').length === 1);
    rig.say('family', 'and the weather?');
    expect(agent.takeFollowUps()).toEqual(['and the weather?']);
    agent.exit(1);
    await rig.reached('family', ['failed', 'queued']);
    expect(rig.chats.cursor(rig.group('family').id)).toBe(1);
    rig.clock.advance(5000);
    expect((await rig.agent('family')).input.prompt).toBe('and the weather?');
    expect(rig.texts('family')).toEqual(['hello']);
  });

  test('says nothing when it had answered and only waited', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.say('hello');
    agent.exit(137);
    await rig.reached('family', ['failed']);
    expect(rig.texts('family')).toEqual(['hello']);
  });

  test('counts an error that the agent reports as one, although it ends with 0', async () => {
    rig.say('family', 'hi');
    const agent = await rig.agent('family');
    agent.print({ status: 'error', result: null, error: 'No conversation found with session ID 1' });
    agent.exit(0);
    await rig.reached('family', ['failed', 'queued']);
    expect(rig.runs('family')[0]).toMatchObject({ cause: 'agent_error', error: 'No conversation found with session ID 1' });
  });

  test('forgets a conversation that is gone, so that the next attempt begins a new one', async () => {
    rig.say('family', 'hi');
    const first = await rig.agent('family');
    first.say('hello', 'session-1');
    first.exit(0);
    await rig.reached('family', ['succeeded']);
    rig.say('family', 'again');
    const second = await rig.agent('family');
    expect(second.input.sessionId).toBe('session-1');
    second.print({ status: 'error', result: null, newSessionId: 'session-2', error: 'No conversation found with session ID session-1' });
    second.exit(1);
    await rig.reached('family', ['succeeded', 'failed', 'queued']);
    rig.clock.advance(5000);
    expect((await rig.agent('family')).input).not.toHaveProperty('sessionId');
  });
});

describe('a scheduled task', () => {
  test('runs once for its due time, goes before messages, and its outcome is told', async () => {
    rig.say('family', 'busy');
    const busy = await rig.agent('family');
    busy.say('done');
    await until(() => rig.queue.live()[0]?.idle === true);
    rig.runner.obedient = false;
    const id = rig.task('family', 'water the plants', 'due-1');
    expect(rig.task('family', 'water the plants', 'due-1')).toBe(id);
    await until(() => busy.asked);
    rig.say('family', 'a message meanwhile');
    busy.exit(0);
    await until(() => rig.rows.get(id).state === 'running');
    const agent = rig.runner.of(rig.group('family').id);
    expect(agent.input).toMatchObject({ prompt: 'water the plants', isScheduledTask: true });
    agent.say('watered');
    agent.exit(0);
    await until(() => rig.outcomes.length === 1);
    expect(rig.outcomes).toMatchObject([{ scheduleRunId: 'due-1', status: 'succeeded', result: 'watered', error: null }]);
    expect(rig.texts('family')).toEqual(['done', 'watered']);
    expect((await rig.agent('family')).input.prompt).toBe('a message meanwhile');
  });

  test('that fails is not tried again; chat and schedule hear of it', async () => {
    rig.task('family', 'tidy up', 'due-1');
    (await rig.agent('family')).exit(3);
    await rig.reached('family', ['failed']);
    expect(rig.outcomes).toMatchObject([{ status: 'failed', error: 'The agent ended with code 3.' }]);
    expect(rig.texts('family')).toEqual(['A scheduled task did not work. The agent ended with an error.']);
    // The schedule tells people in its own words.
    expect(rig.told()).toEqual([]);
    rig.clock.advance(100_000);
    expect(rig.states('family')).toEqual(['failed']);
  });

  test('that fails counts for its agent when the schedule says so, and not before', async () => {
    rig.blameAgentForTasks(false);
    rig.task('family', 'tidy up', 'due-1');
    (await rig.agent('family')).exit(3);
    await rig.reached('family', ['failed']);
    expect(rig.judged).toEqual([]);
    rig.blameAgentForTasks(true);
    rig.task('family', 'tidy up', 'due-2');
    (await rig.agent('family')).exit(3);
    await rig.reached('family', ['failed', 'failed']);
    expect(rig.judged).toEqual(['bad family']);
  });

  test('with a context of its own neither continues nor changes the conversation of the group', async () => {
    rig.say('family', 'hi');
    const first = await rig.agent('family');
    first.say('hello', 'session-1');
    first.exit(0);
    await rig.reached('family', ['succeeded']);
    rig.task('family', 'alone', null, 'isolated');
    const second = await rig.agent('family');
    expect(second.input).not.toHaveProperty('sessionId');
    second.say('done', 'session-2');
    second.exit(0);
    await rig.reached('family', ['succeeded', 'succeeded']);
    expect(rig.groups.get(rig.group('family').id).sessionId).toBe('session-1');
  });
});
