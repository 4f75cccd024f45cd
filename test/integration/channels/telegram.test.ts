import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import type { OwnerDesk } from '../../../main/channels/telegram/owner-desk.ts';
import { hearing, type Heard } from '../../support/channels/channel-contract.ts';
import { makeTelegram, OWNER_ID, TEAM, telegramCommand, telegramMessage, telegramPress, type TelegramRigOptions } from '../../support/channels/telegram-rig.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { BOT_TOKEN } from '../../support/telegram-api.ts';
import { eventually } from '../../support/until.ts';

let rig: Awaited<ReturnType<typeof makeTelegram>>;
let heard: Heard;
async function begin(options: TelegramRigOptions = {}): Promise<void> {
  const ears = hearing();
  heard = ears.heard;
  rig = await makeTelegram(ears.events, options);
  await rig.channel.connect();
}
const connected = async (): Promise<void> => eventually(() => expect(rig.channel.state().state).toBe('connected'));
const polls = (): readonly unknown[] => rig.api.requests.filter(({ method }) => method === 'getUpdates').map(({ args }) => args['offset']);
const sent = (index: number) => rig.api.messages.at(index)!;
beforeEach(() => vi.useRealTimers());
afterEach(async () => {
  await rig.channel.disconnect();
  await rig.close();
});

describe('reading from Telegram', () => {
  test('without a token the channel is off and says why', async () => {
    await begin({ token: null });
    expect(rig.channel.state()).toEqual({ state: 'off', reason: 'ANU_BOT_TOKEN is not set' });
    expect(rig.api.requests).toEqual([]);
  });

  test('with a token that Telegram does not know it stops and says what to do, without the token', async () => {
    await begin({ token: '999:not-a-token-that-anybody-gave-out-here' });
    await eventually(() => expect(rig.channel.state()).toMatchObject({ state: 'failed', reason: expect.stringContaining('ANU_BOT_TOKEN') }));
    expect(JSON.stringify(heard.states)).not.toContain('999:');
    expect(rig.api.requests).toHaveLength(1);
  });

  test('another program with the same bot is told as a conflict, and the channel tries again', async () => {
    await begin();
    rig.api.failNext('getUpdates', { status: 409, description: 'Conflict: terminated by other getUpdates request' });
    await connected();
    expect(heard.states).toContainEqual({ state: 'waiting', reason: expect.stringContaining('another program'), retryAt: expect.any(Number) });
  });

  test('too many questions are answered by waiting as long as Telegram asks', async () => {
    const clock = new FakeClock();
    await begin({ clock });
    rig.api.failNext('getMe', { status: 429, retryAfter: 11 });
    await eventually(() => expect(rig.channel.state()).toMatchObject({ state: 'waiting', retryAt: clock.now() + 11_000 }));
    clock.advance(10_900);
    expect(rig.api.requests.filter(({ method }) => method === 'getMe')).toHaveLength(1);
    clock.advance(100);
    await connected();
  });

  test('an update is forgotten only when the message is durable: one that could not be written comes again', async () => {
    await begin();
    await connected();
    let failures = 2;
    const received = heard.received;
    // The ears of the rig are one object; the channel calls what it finds there.
    const push = received.push.bind(received);
    received.push = (...messages) => {
      if (failures-- > 0) throw new Error('the disk is full');
      return push(...messages);
    };
    rig.api.push(telegramMessage({ text: 'once' }));
    rig.api.push(telegramMessage({ text: 'twice' }));
    await eventually(() => expect(received.map(({ text }) => text)).toEqual(['once', 'twice']));
    expect(rig.reported.length).toBeGreaterThan(0);
  });

  test('after a restart nothing that was taken comes a second time, and nothing else is left out', async () => {
    await begin();
    await connected();
    rig.api.push(telegramMessage({ text: 'before' }));
    await eventually(() => expect(heard.received).toHaveLength(1));
    await rig.channel.disconnect();
    rig.api.push(telegramMessage({ text: 'meanwhile' }));
    const again = rig.make();
    await again.connect();
    await eventually(() => expect(heard.received.map(({ text }) => text)).toEqual(['before', 'meanwhile']));
    expect(polls().filter((offset) => offset === 0).length).toBeGreaterThanOrEqual(2);
    await again.disconnect();
  });

  test('an update that makes no sense is left behind, and the next one is read', async () => {
    await begin();
    await connected();
    rig.api.push({ message: { message_id: 1, date: 1, chat: null, text: 'broken' } });
    rig.api.push(telegramMessage({ text: 'whole' }));
    await eventually(() => expect(heard.received.map(({ text }) => text)).toEqual(['whole']));
    expect(rig.reported).toMatchObject([{ what: expect.stringContaining('could not be understood') }]);
  });

  test('a file is fetched, and one that turns out too large is not read to its end', async () => {
    await begin();
    await connected();
    rig.api.putFile('photo-1', Buffer.from('a picture'));
    rig.api.push(telegramMessage({ photo: [{ file_id: 'photo-1' }] }));
    await eventually(() => expect(heard.received).toHaveLength(1));
    const [photo] = heard.received[0]!.attachments;
    expect(Buffer.from(await photo!.fetch(100)).toString()).toBe('a picture');
    expect((await photo!.fetch(3)).byteLength).toBeGreaterThan(3);
  });

  test('a file that is gone is refused without naming the token', async () => {
    await begin();
    await connected();
    rig.api.push(telegramMessage({ voice: { file_id: 'gone', duration: 2 } }));
    await eventually(() => expect(heard.received).toHaveLength(1));
    const error = await heard.received[0]!.attachments[0]!.fetch(100).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'refused' });
    expect(String(error)).not.toContain(BOT_TOKEN);
  });
});

describe('sending to Telegram', () => {
  const message = { text: 'hello', sendKey: 'K', maybeSent: false };

  test('goes to the chat, and in a topic to the topic', async () => {
    await begin();
    await connected();
    await rig.channel.send(`tg:${TEAM}/7`, message);
    expect(sent(0).request).toMatchObject({ chat_id: TEAM, message_thread_id: 7, text: 'hello' });
  });

  test('marks what may have arrived already', async () => {
    await begin();
    await connected();
    await rig.channel.send(`tg:${TEAM}`, { ...message, maybeSent: true });
    expect(sent(0).text).toBe('↻ hello');
  });

  test('takes a text of the full length with the mark', async () => {
    await begin();
    await connected();
    await rig.channel.send(`tg:${TEAM}`, { ...message, text: 'x'.repeat(rig.channel.text.maxLength), maybeSent: true });
    expect(sent(0).text).toHaveLength(4096);
  });

  test.each([
    [{ status: 400, description: 'Bad Request: chat not found' }, { outcome: 'refused', message: 'Bad Request: chat not found' }],
    [{ status: 403, description: 'Forbidden: bot was kicked from the group chat' }, { outcome: 'refused' }],
    [{ status: 429, retryAfter: 17 }, { outcome: 'later', retryAfterMs: 17_000, maybeSent: false }],
    [{ status: 502, description: 'Bad Gateway' }, { outcome: 'later', maybeSent: true }],
    [{ status: 0, lose: 'after' as const }, { outcome: 'later', maybeSent: true }],
  ])('answered with %j means %j', async (failure, meaning) => {
    await begin();
    await connected();
    rig.api.failNext('sendMessage', failure);
    await expect(rig.channel.send(`tg:${TEAM}`, message)).rejects.toMatchObject(meaning);
  });
});

describe('the owner in the chat with the bot', () => {
  const agents = [
    { id: '0190b2c4-0000-7000-8000-000000000001', name: 'fe-1', role: 'FE' },
    { id: '0190b2c4-0000-7000-8000-000000000002', name: '제작자', role: 'Producer' },
  ];
  const issue: OwnerDesk['newSession'] = async (id) => ({ agent: agents.find((agent) => agent.id === id)!.name, expiresAt: '2026-12-01T00:00:00.000Z', path: '/data/mcp-token', problem: null });
  const answers = async (count: number): Promise<void> => eventually(() => expect(rig.api.messages).toHaveLength(count));

  test('is offered the commands', async () => {
    await begin();
    await connected();
    expect(rig.api.requests.find(({ method }) => method === 'setMyCommands')?.args).toMatchObject({ scope: { chat_id: OWNER_ID }, commands: [{ command: 'status' }, { command: 'tasks' }, { command: 'newsession' }, { command: 'killswitch' }] });
  });

  test('/newsession with one agent makes a session at once and tells the file, never the token', async () => {
    await begin({ desk: { agents: () => agents.slice(0, 1), newSession: issue } });
    await connected();
    rig.api.push(telegramCommand('/newsession'));
    await answers(1);
    expect(sent(0).text).toMatch(/fe-1 has a new session[\s\S]*Valid until: 2026-12-01 09:00[\s\S]*\/data\/mcp-token/);
    expect(sent(0).text).not.toContain('wai_sess_');
  });

  test('/newsession with several agents asks by buttons of at most 64 bytes, and the press replaces the question', async () => {
    const made = vi.fn<OwnerDesk['newSession']>(issue);
    await begin({ desk: { agents: () => agents, newSession: made } });
    await connected();
    rig.api.push(telegramCommand('/newsession'));
    await answers(1);
    const buttons = sent(0).buttons.flat();
    expect(buttons.map(({ text }) => text)).toEqual(['fe-1 (FE)', '제작자 (Producer)']);
    for (const { callback_data } of buttons) expect(Buffer.byteLength(callback_data!)).toBeLessThanOrEqual(64);
    rig.api.push(telegramPress(sent(0).messageId, buttons[1]!.callback_data!));
    await eventually(() => expect(sent(0)).toMatchObject({ edited: true, buttons: [], text: expect.stringContaining('제작자 has a new session') }));
    expect(rig.api.callbackAnswers).toHaveLength(1);
    rig.api.push(telegramPress(sent(0).messageId, buttons[0]!.callback_data!));
    await eventually(() => expect(rig.api.callbackAnswers).toHaveLength(2));
    expect(made).toHaveBeenCalledTimes(1);
  });

  test('a button older than five minutes does nothing but say so', async () => {
    const clock = new FakeClock();
    const made = vi.fn<OwnerDesk['newSession']>(issue);
    await begin({ clock, desk: { agents: () => agents, newSession: made } });
    await connected();
    rig.api.push(telegramCommand('/newsession'));
    await answers(1);
    clock.jump(301_000);
    rig.api.push(telegramPress(sent(0).messageId, sent(0).buttons.flat()[0]!.callback_data!));
    await eventually(() => expect(sent(0).text).toMatch(/too old.*\/newsession/));
    expect(made).not.toHaveBeenCalled();
  });

  test('the press is answered before the work is done', async () => {
    let finish = (): void => undefined;
    await begin({ desk: { agents: () => agents, newSession: async (id) => new Promise((resolve) => (finish = () => resolve(issue(id)))) } });
    await connected();
    rig.api.push(telegramCommand('/newsession'));
    await answers(1);
    rig.api.push(telegramPress(sent(0).messageId, sent(0).buttons.flat()[0]!.callback_data!));
    await eventually(() => expect(rig.api.callbackAnswers).toHaveLength(1));
    expect(sent(0).edited).toBe(false);
    finish();
    await eventually(() => expect(sent(0).edited).toBe(true));
  });

  test('/newsession says when the file could not be written, when nobody could get one, and when it is refused', async () => {
    await begin({ desk: { agents: () => agents.slice(0, 1), newSession: async () => ({ agent: 'fe-1', expiresAt: null, path: '/data/mcp-token', problem: 'EACCES' }) } });
    await connected();
    rig.api.push(telegramCommand('/newsession'));
    await answers(1);
    expect(sent(0).text).toMatch(/could not be written \(EACCES\)/);
    await rig.channel.disconnect();
    await rig.close();
    await begin({ desk: { agents: () => agents.slice(0, 1), newSession: async () => Promise.reject(new AppError('SESSION_LIMIT', 'fe-1 has 5 sessions already.')) } });
    await connected();
    rig.api.push(telegramCommand('/newsession'));
    await answers(1);
    expect(sent(0).text).toBe('That did not work: fe-1 has 5 sessions already.');
    await rig.channel.disconnect();
    await rig.close();
    await begin({ language: 'ko', desk: { agents: () => agents.slice(0, 1), newSession: async () => Promise.reject(new AppError('SESSION_LIMIT', 'fe-1 has 5 sessions already.')) } });
    await connected();
    rig.api.push(telegramCommand('/newsession'));
    await answers(1);
    expect(sent(0).text).toBe('처리하지 못했습니다: 에이전트의 세션 수가 한도에 달했습니다.');
  });

  test('/killswitch asks first, and only the confirmation stops everything', async () => {
    const stop = vi.fn<OwnerDesk['stopEverything']>(() => ({ sessionsRevoked: 3, agentsSuspended: 2 }));
    await begin({ desk: { stopEverything: stop } });
    await connected();
    rig.api.push(telegramCommand('/killswitch'));
    await answers(1);
    const [yes, no] = sent(0).buttons.flat();
    expect(stop).not.toHaveBeenCalled();
    rig.api.push(telegramPress(sent(0).messageId, no!.callback_data!));
    await eventually(() => expect(sent(0).text).toBe('Nothing was stopped.'));
    rig.api.push(telegramCommand('/killswitch'));
    await answers(2);
    rig.api.push(telegramPress(sent(1).messageId, yes!.callback_data!));
    await eventually(() => expect(sent(1).text).toMatch(/3 sessions ended, 2 agents suspended/));
    expect(stop).toHaveBeenCalledTimes(1);
  });

  test('/killswitch while it is on says since when and why', async () => {
    await begin({ desk: { killSwitch: () => ({ on: true, since: '2026-11-20T09:00:00.000Z', reason: 'a test' }) } });
    await connected();
    rig.api.push(telegramCommand('/killswitch'));
    await answers(1);
    expect(sent(0)).toMatchObject({ text: 'The kill switch is on already (since 2026-11-20 18:00): a test', buttons: [] });
  });

  test('/status and /tasks answer in the language of the person', async () => {
    const status = { state: 'degraded' as const, killSwitch: 'NORMAL', problems: ['no backup for 3 days'], agents: 2, liveSessions: 1, openTasks: 4, working: 1, channels: [] };
    await begin({ language: 'ko', desk: { status: async () => status, tasks: async () => [{ id: 12, title: '로그인 고치기', status: 'in_progress', assignee: 'FE' }] } });
    await connected();
    rig.api.push(telegramCommand('/status'));
    rig.api.push(telegramCommand('/tasks'));
    await answers(2);
    expect(sent(0).text).toBe('문제가 있습니다:\n• no backup for 3 days\n에이전트 2 · 활성 세션 1 · 열린 작업 4 · 진행 중 1');
    expect(sent(1).text).toBe('◐ #12 FE: 로그인 고치기');
  });
});

describe('anybody else', () => {
  const stranger = { from: { id: 5, is_bot: false, first_name: 'Eve' }, chat: { id: 5, type: 'private', first_name: 'Eve' } };

  test('gets no answer but their id in private, and none in a group', async () => {
    const desk = { status: vi.fn<OwnerDesk['status']>(), stopEverything: vi.fn<OwnerDesk['stopEverything']>() };
    await begin({ desk });
    await connected();
    rig.api.push(telegramCommand('/status', { ...stranger, chat: { id: TEAM, type: 'supergroup', title: 'Team' } }));
    rig.api.push(telegramCommand('/killswitch', stranger));
    await eventually(() => expect(rig.api.messages).toHaveLength(1));
    expect(sent(0)).toMatchObject({ chatId: '5', text: expect.stringContaining('Your id is 5') });
    expect(desk.status).not.toHaveBeenCalled();
  });

  test('who presses a button of the owner changes nothing', async () => {
    const stop = vi.fn<OwnerDesk['stopEverything']>(() => ({ sessionsRevoked: 0, agentsSuspended: 0 }));
    await begin({ desk: { stopEverything: stop } });
    await connected();
    rig.api.push(telegramCommand('/killswitch'));
    await eventually(() => expect(rig.api.messages).toHaveLength(1));
    const yes = sent(0).buttons.flat()[0]!.callback_data!;
    rig.api.push(telegramPress(sent(0).messageId, yes, 5));
    await eventually(() => expect(rig.api.callbackAnswers).toHaveLength(1));
    expect(stop).not.toHaveBeenCalled();
    expect(sent(0).edited).toBe(false);
    rig.api.push(telegramPress(sent(0).messageId, yes));
    await eventually(() => expect(stop).toHaveBeenCalledTimes(1));
  });

  test('the owner in a group is asked to write in private', async () => {
    await begin();
    await connected();
    rig.api.push(telegramCommand('/status', { chat: { id: TEAM, type: 'supergroup', title: 'Team' } }));
    await eventually(() => expect(rig.api.messages).toHaveLength(1));
    expect(sent(0)).toMatchObject({ chatId: String(TEAM), text: 'Please write this to me in our private chat.' });
  });

  test('/start tells anybody their id and the address of the chat', async () => {
    await begin();
    await connected();
    rig.api.push(telegramCommand('/start', stranger));
    await eventually(() => expect(sent(0)?.text).toBe('This is Wheelhouse. Your id is 5, and the address of this chat is tg:5.'));
  });
});
