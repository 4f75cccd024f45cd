import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { makeMailbox, type MailboxOverrides, type MailboxRig } from '../../support/mailbox-rig.ts';
import { until } from '../../support/until.ts';

let rig: MailboxRig;
const open = async (overrides?: MailboxOverrides): Promise<MailboxRig> => (rig = await makeMailbox(overrides));
afterEach(async () => rig.close());

const message = (text: string, chatJid = 'console:work'): object => ({ type: 'message', chatJid, text });
const refusals = () =>
  rig
    .events()
    .filter(({ kind, action }) => kind === 'group' && action === 'request_refused')
    .map(({ text, data }) => ({ text, data: JSON.parse(String(data)) as unknown }));

describe('IPC-01: files in the mailbox', () => {
  it('a message is sent, answered, and its file is gone', async () => {
    await open();
    expect(await rig.ask('work', 'messages', message('Hello'))).toEqual({ ok: true, result: { queued: true } });
    await until(() => rig.left().length === 0);
    expect(rig.deeds).toEqual(['sent console:work Hello']);
    expect(rig.faults).toEqual([]);
  });

  it('what was put there while nobody looked is found at the start, in the order of the names', async () => {
    await open();
    await rig.mailbox.stop();
    rig.put('work', 'messages', message('second'), '2.json');
    rig.put('work', 'tasks', { type: 'team_call', tool: 'whoami' }, '3.json');
    rig.put('work', 'messages', message('first'), '1.json');
    await rig.restart();
    await rig.answer('work', '3.json');
    expect(rig.deeds).toEqual(['sent console:work first', 'sent console:work second', 'team work whoami']);
  });

  it('keeps the order of one group over both boxes, while another group waits for nothing', async () => {
    const gate = Promise.withResolvers<void>();
    await open({
      team: async (caller) => {
        if (caller.folder === 'work') await gate.promise;
        return {};
      },
    });
    rig.put('work', 'tasks', { type: 'team_call', tool: 'slow' }, '1.json');
    rig.put('work', 'messages', message('after the slow one'), '2.json');
    expect(await rig.ask('family', 'messages', message('at once', 'console:family'))).toMatchObject({ ok: true });
    expect(rig.deeds).toEqual(['sent console:family at once']);
    gate.resolve();
    await rig.answer('work', '2.json');
    expect(rig.deeds.at(-1)).toBe('sent console:work after the slow one');
  });

  it('a call that waits for others does not hold up what follows', async () => {
    const gate = Promise.withResolvers<void>();
    await open({
      team: async () => {
        await gate.promise;
        return { messages: [] };
      },
    });
    const waiting = rig.put('work', 'tasks', { type: 'team_call', tool: 'read_inbox', arguments: { wait_sec: 50 } }, '1.json');
    expect(await rig.ask('work', 'messages', message('meanwhile'), '2.json')).toMatchObject({ ok: true });
    gate.resolve();
    expect(await rig.answer('work', waiting)).toEqual({ ok: true, result: { messages: [] } });
  });

  it('the group that registers later has its mailbox at once, the one that is removed has none', async () => {
    await open();
    const made = rig.groups.create({ jid: 'console:new', name: 'New', folder: 'new' });
    await until(() => existsSync(rig.at('new', 'messages')));
    expect(await rig.ask('new', 'messages', message('Hi', 'console:new'))).toMatchObject({ ok: true });
    rig.groups.remove(made.id);
    rig.put('new', 'messages', message('still here?', 'console:new'), 'late.json');
    await rig.ask('work', 'messages', message('sign of life'));
    await rig.mailbox.rescan();
    expect(readdirSync(rig.at('new', 'messages'))).toEqual(['late.json']);
  });

  it('what an earlier group of the folder left is not done in the name of the new one', async () => {
    await open();
    rig.groups.remove(rig.groups.byFolder('family')!.id);
    const left = rig.put('family', 'messages', message('from the past', 'console:family'), 'left.json');
    utimesSync(rig.at('family', 'messages', left), 1000, 1000);
    rig.groups.create({ jid: 'console:family', name: 'Family again', folder: 'family' });
    expect(await rig.answer('family', left)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN', message: expect.stringContaining('older than the group') } });
    expect(rig.deeds).toEqual([]);
  });

  it('a folder that belongs to no group is not looked into', async () => {
    await open();
    mkdirSync(rig.at('stranger', 'messages'), { recursive: true });
    rig.put('stranger', 'messages', message('let me in', 'console:home'), 'x.json');
    await rig.mailbox.rescan();
    await rig.ask('work', 'messages', message('sign of life'));
    expect(readdirSync(rig.at('stranger', 'messages'))).toEqual(['x.json']);
  });

  it('folders that the agent removed are made again by the next look', async () => {
    await open();
    rmSync(rig.at('work', 'messages'), { recursive: true });
    rmSync(rig.at('work', 'answers'), { recursive: true });
    await rig.mailbox.rescan();
    expect(await rig.ask('work', 'messages', message('Hello'))).toMatchObject({ ok: true });
  });

  it('text between <internal> tags is not sent, and the agent hears when nothing was left', async () => {
    await open();
    await rig.ask('work', 'messages', message('<internal>think</internal>Done'));
    expect(await rig.ask('work', 'messages', message('<internal>only\nthoughts</internal>'))).toMatchObject({ ok: true, result: { queued: false, reason: expect.stringContaining('<internal>') } });
    expect(rig.deeds).toEqual(['sent console:work Done']);
  });

  it('a text that the live run sends to its own chat counts for the run, others do not', async () => {
    await open();
    rig.live.set(rig.groups.byFolder('main')!.id, 'run-1');
    await rig.ask('main', 'messages', message('here', 'console:home'));
    await rig.ask('main', 'messages', message('there', 'console:work'));
    await rig.ask('main', 'messages', message('elsewhere', 'tg:7'));
    expect(rig.deeds).toEqual(['sent console:home here', 'counted run-1', 'sent console:work there', 'sent tg:7 elsewhere']);
  });
});

describe('IPC-02: what each request does and who is told no', () => {
  const daily = { type: 'schedule_task', prompt: 'Water', schedule_type: 'cron', schedule_value: '0 9 * * *', context_mode: 'group', targetJid: 'console:work' };

  it('schedules, lists, pauses, resumes and cancels, and answers with what happened', async () => {
    await open();
    expect(await rig.ask('work', 'tasks', daily)).toMatchObject({ ok: true, result: { id: 'task-1', groupFolder: 'work' } });
    expect(await rig.ask('main', 'tasks', { ...daily, prompt: 'Other' })).toMatchObject({ ok: true, result: { id: 'task-2' } });
    expect(await rig.ask('work', 'tasks', { type: 'list_tasks' })).toMatchObject({ ok: true, result: { tasks: [{ id: 'task-1' }, { id: 'task-2' }] } });
    expect(await rig.ask('family', 'tasks', { type: 'list_tasks' })).toEqual({ ok: true, result: { tasks: [] } });
    expect(await rig.ask('work', 'tasks', { type: 'pause_task', taskId: 'task-1' })).toEqual({ ok: true, result: { paused: 'task-1' } });
    expect(await rig.ask('work', 'tasks', { type: 'resume_task', taskId: 'task-1' })).toEqual({ ok: true, result: { resumed: 'task-1' } });
    expect(await rig.ask('main', 'tasks', { type: 'cancel_task', taskId: 'task-1' })).toEqual({ ok: true, result: { cancelled: 'task-1' } });
    expect(rig.deeds).toEqual(['schedule work Water (group) by work', 'schedule work Other (group) by main', 'pause task-1', 'resume task-1', 'cancel task-1']);
  });

  it('the agent hears why something was not done, with the code of the room that refused', async () => {
    await open();
    expect(await rig.ask('work', 'tasks', { ...daily, schedule_value: 'never' })).toEqual({
      ok: false,
      error: { code: 'INPUT_INVALID', message: 'schedule_value is not a time.', retryable: false },
    });
    expect(await rig.ask('main', 'tasks', { ...daily, targetJid: 'tg:999' })).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
    expect([rig.tasks, refusals(), rig.setAside()]).toEqual([[], [], []]);
  });

  it.each([
    ['a message to the chat of another group', 'messages', message('Hi', 'console:home')],
    ['a message to a chat that no group serves', 'messages', message('Hi', 'tg:7')],
    ['a task for another group', 'tasks', { ...daily, targetJid: 'console:family' }],
    ['a task of another group', 'tasks', { type: 'cancel_task', taskId: 'task-1' }],
    ['a new group', 'tasks', { type: 'register_group', jid: 'tg:7', name: 'Club', folder: 'club', trigger: '@Andy' }],
    ['the names of all chats', 'tasks', { type: 'refresh_groups' }],
    ['the rights of the main group, by saying so', 'tasks', { type: 'refresh_groups', groupFolder: 'main', isMain: true, createdBy: 'main' }],
  ] as const)('a group that asks for %s is told no; the file is kept with the reason and shown', async (_, box, body) => {
    await open();
    await rig.ask('main', 'tasks', { ...daily, targetJid: 'console:home' });
    const name = rig.put('work', box, body);
    expect(await rig.answer('work', name)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
    await until(() => refusals().length === 1);
    expect(rig.deeds).toEqual(['schedule main Water (group) by main']);
    expect(rig.groups.list()).toHaveLength(3);
    expect(rig.setAside()).toEqual([expect.objectContaining({ group: 'work', box, file: name, code: 'FORBIDDEN' })]);
    expect(refusals()[0]).toMatchObject({ text: expect.stringContaining('Work'), data: { folder: 'work', file: name } });
  });

  it('the main group registers groups, whose names must not lead anywhere', async () => {
    await open();
    const club = { type: 'register_group', jid: 'tg:7', name: 'Club', folder: 'club', trigger: '@Andy', requiresTrigger: false, containerConfig: { additionalMounts: [{ hostPath: '~/books' }], timeout: 60_000 } };
    expect(await rig.ask('main', 'tasks', club)).toMatchObject({ ok: true, result: { registered: { folder: 'club', requiresTrigger: false } } });
    expect(rig.groups.byFolder('club')).toMatchObject({ isMain: false, container: { timeoutMs: 60_000, additionalMounts: [{ hostPath: '~/books' }] } });
    for (const folder of ['../escape', 'errors', '.claimed', 'main', 'a/b']) {
      expect(await rig.ask('main', 'tasks', { ...club, jid: 'tg:8', folder })).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID' } });
    }
    expect(rig.groups.list()).toHaveLength(4);
  });

  it('the main group refreshes the names of the chats and sees which are served', async () => {
    await open();
    expect(await rig.ask('main', 'tasks', { type: 'refresh_groups' })).toEqual({
      ok: true,
      result: { groups: [{ jid: 'tg:7', name: 'Book club', lastActivity: '2026-11-20T09:00:00.000Z', isRegistered: false }] },
    });
    expect(rig.deeds).toEqual(['refreshed']);
  });

  it('nothing is done while the kill switch is on or the agent is suspended, and the agent hears why', async () => {
    let refuse: AppError | null = new AppError('SYSTEM_LOCKED');
    await open({
      assertOperational: () => {
        if (refuse?.code === 'SYSTEM_LOCKED') throw refuse;
      },
      assertMayAct: () => {
        if (refuse !== null) throw refuse;
      },
    });
    expect(await rig.ask('work', 'messages', message('Hi'))).toMatchObject({ ok: false, error: { code: 'SYSTEM_LOCKED' } });
    refuse = new AppError('AGENT_SUSPENDED');
    expect(await rig.ask('work', 'messages', message('Hi'))).toMatchObject({ ok: false, error: { code: 'AGENT_SUSPENDED' } });
    refuse = null;
    expect(await rig.ask('work', 'messages', message('Hi'))).toMatchObject({ ok: true });
    expect(rig.deeds).toEqual(['sent console:work Hi']);
  });
});

describe('hostile and broken files', () => {
  /** Puts something into the box, and expects it to be answered with the reason, set aside and shown. */
  async function expectRefused(name: string, reason: string | RegExp): Promise<void> {
    const answer = await rig.answer('work', name);
    expect(answer).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID', message: expect.stringMatching(reason) } });
    await until(() => refusals().length === 1 && rig.left().length === 0);
    expect(rig.setAside()).toEqual([expect.objectContaining({ file: name, code: 'INPUT_INVALID', reason: expect.stringMatching(reason) })]);
    expect(await rig.ask('work', 'messages', message('the next one works'))).toMatchObject({ ok: true });
    expect(rig.deeds).toEqual(['sent console:work the next one works']);
  }

  it('a file that is not JSON', async () => {
    await open();
    await expectRefused(rig.put('work', 'messages', '{"type":"message",'), 'not JSON, or was only half-written');
  });

  it('an empty file', async () => {
    await open();
    await expectRefused(rig.put('work', 'messages', ''), 'it is empty');
  });

  it('a binary file', async () => {
    await open();
    await expectRefused(rig.put('work', 'messages', Buffer.from([0xff, 0xfe, 0x00, 0x80])), 'not UTF-8');
  });

  it('JSON of another shape', async () => {
    await open();
    await expectRefused(rig.put('work', 'messages', ['message']), 'must be a JSON object');
  });

  it('a request in the wrong box', async () => {
    await open();
    await expectRefused(rig.put('work', 'tasks', message('Hi')), 'in tasks/ it must be one of');
  });

  it('a huge file is not read, and only its beginning is kept', async () => {
    await open();
    const file = rig.at('work', 'messages', 'huge.json.tmp');
    writeFileSync(file, '{"type":"message"');
    truncateSync(file, 3 * 2 ** 30);
    renameSync(file, rig.at('work', 'messages', 'huge.json'));
    await expectRefused('huge.json', 'it has 3221225472 bytes, a request may have 65536');
    const kept = readdirSync(rig.at('errors')).find((name) => name.endsWith('huge.json'))!;
    expect(readFileSync(rig.at('errors', kept))).toHaveLength(65_536);
  });

  it('a request just over the limit', async () => {
    await open();
    await expectRefused(rig.put('work', 'messages', message('x'.repeat(65_536))), /^it has 655\d\d bytes/);
  });

  it('a link is not followed, and not kept', async () => {
    await open();
    writeFileSync(rig.at('secret'), JSON.stringify(message('stolen')));
    symlinkSync(rig.at('secret'), rig.at('work', 'messages', 'link.json'));
    await expectRefused('link.json', 'links are not followed');
    expect(readdirSync(rig.at('errors'))).toHaveLength(1);
    expect(readFileSync(rig.at('secret'), 'utf8')).toContain('stolen');
  });

  it('a file with another name elsewhere is not read, and that one is not cut', async () => {
    await open();
    const victim = rig.at('victim');
    writeFileSync(victim, 'x'.repeat(100_000));
    linkSync(victim, rig.at('work', 'messages', 'hard.json'));
    await expectRefused('hard.json', 'has other names');
    expect(readFileSync(victim)).toHaveLength(100_000);
  });

  it.skipIf(process.platform === 'win32')('a FIFO does not hang the mailbox', async () => {
    await open();
    spawnSync('mkfifo', [rig.at('work', 'messages', 'fifo.json')]);
    await expectRefused('fifo.json', 'not a plain file');
  });

  it.skipIf(process.platform === 'win32')('a socket', async () => {
    await open();
    const server = createServer();
    // A socket's path must be short, so it is made elsewhere and moved.
    const path = join(rig.dir, 's');
    server.listen(path);
    await once(server, 'listening');
    renameSync(path, rig.at('work', 'messages', 'socket.json'));
    await expectRefused('socket.json', 'not a plain file');
    server.close();
  });

  it('a folder is set aside whole, and nobody goes into it', async () => {
    await open();
    mkdirSync(rig.at('work', 'messages', 'folder.json/deep'), { recursive: true });
    await expectRefused('folder.json', 'it is a folder');
    expect(readdirSync(rig.at('errors')).some((name) => name.endsWith('folder.json'))).toBe(true);
  });

  it.each(['..json', ' lead.json', '안녕.json', `${'x'.repeat(240)}.json`, 'a\nb.json'])('the name %j gets no answer but a reason', async (name) => {
    await open();
    rig.put('work', 'messages', message('Hi'), 'placeholder.txt');
    renameSync(rig.at('work', 'messages', 'placeholder.txt'), rig.at('work', 'messages', name));
    if (name.startsWith('.')) {
      // Hidden files are nobody's request.
      await rig.mailbox.rescan();
      await rig.ask('work', 'tasks', { type: 'list_tasks' });
      expect(readdirSync(rig.at('work', 'messages'))).toEqual([name]);
      return;
    }
    await until(() => refusals().length === 1);
    expect(rig.setAside()).toEqual([expect.objectContaining({ code: 'INPUT_INVALID', reason: expect.stringContaining('its name may have') })]);
    expect([rig.deeds, readdirSync(rig.at('work', 'answers'))]).toEqual([[], []]);
  });

  it('a file that is still being written is waited for', async () => {
    await open({ settleMs: 20_000 });
    const text = JSON.stringify(message('written slowly'));
    const file = openSync(rig.at('work', 'messages', 'slow.json'), 'w');
    writeSync(file, text.slice(0, 20));
    await until(() => readdirSync(rig.at('.claimed', 'work')).length === 1);
    writeSync(file, text.slice(20));
    closeSync(file);
    expect(await rig.answer('work', 'slow.json')).toMatchObject({ ok: true });
    expect(rig.deeds).toEqual(['sent console:work written slowly']);
  });

  it('a box that was exchanged for a link leads nowhere: nothing is read or deleted there', async () => {
    await open();
    const elsewhere = rig.at('elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'precious.json'), JSON.stringify(message('not yours')));
    rmSync(rig.at('work', 'messages'), { recursive: true });
    symlinkSync(elsewhere, rig.at('work', 'messages'));
    await rig.mailbox.rescan();
    await until(() => rig.events().some(({ action }) => action === 'mailbox_spoilt'));
    expect(await rig.ask('work', 'tasks', { type: 'list_tasks' })).toMatchObject({ ok: true });
    expect(readdirSync(elsewhere)).toEqual(['precious.json']);
    expect(rig.deeds).toEqual([]);
    rmSync(rig.at('work', 'messages'));
    await rig.mailbox.rescan();
    expect(await rig.ask('work', 'messages', message('back again'))).toMatchObject({ ok: true });
  });

  it('answers are not written through a link', async () => {
    await open();
    const elsewhere = rig.at('elsewhere');
    mkdirSync(elsewhere);
    rmSync(rig.at('work', 'answers'), { recursive: true });
    symlinkSync(elsewhere, rig.at('work', 'answers'));
    rig.put('work', 'messages', message('Hi'));
    await until(() => rig.deeds.length === 1 && rig.left().length === 0);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('a flood is refused beyond the limit, each with an answer, and said once', async () => {
    await open({ perMinute: 5 });
    const names = Array.from({ length: 40 }, (_, n) => rig.put('work', 'messages', message(`no. ${n}`), `${String(n).padStart(3, '0')}.json`));
    const answers = await Promise.all(names.map(async (name) => rig.answer('work', name)));
    const sent = answers.filter(({ ok }) => ok).length;
    // Some may be granted again while the flood is worked off.
    expect(sent).toBeGreaterThanOrEqual(5);
    expect(sent).toBeLessThan(10);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'RATE_LIMITED', retryable: true } });
    expect(rig.events().filter(({ action }) => action === 'request_limited').length).toBeLessThan(5);
    await until(() => rig.left().length === 0);
    expect(await rig.ask('family', 'messages', message('not my flood', 'console:family'))).toMatchObject({ ok: true });
  });

  it('a fault inside Wheelhouse is told as one, and the next request works', async () => {
    await open({
      team: async () => {
        throw new Error('boom');
      },
    });
    expect(await rig.ask('work', 'tasks', { type: 'team_call', tool: 'whoami' })).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
    expect(await rig.ask('work', 'messages', message('Hi'))).toMatchObject({ ok: true });
    expect(rig.faults).toEqual([{ what: 'a request of work failed', error: new Error('boom') }]);
    expect(rig.setAside()).toEqual([expect.objectContaining({ code: 'INTERNAL' })]);
  });

  it('what is set aside does not fill the disk: the newest 200 are kept', async () => {
    await open();
    for (let n = 0; n < 220; n += 1) {
      const file = rig.at('errors', `family-${n}.json`);
      writeFileSync(file, '[]');
      writeFileSync(`${file}.reason.json`, JSON.stringify({ file: `${n}.json` }));
      for (const path of [file, `${file}.reason.json`]) utimesSync(path, 1000 + n, 1000 + n);
    }
    await rig.answer('work', rig.put('work', 'messages', '[]', 'newest.json'));
    await until(() => refusals().length === 1);
    const kept = rig.setAside().map(({ file }) => file);
    expect([kept.length, kept.includes('newest.json'), kept.includes('219.json'), kept.includes('20.json')]).toEqual([200, true, true, false]);
    expect(readdirSync(rig.at('errors'))).toHaveLength(400);
  });
});

describe('a crash in the middle', () => {
  /** Puts a file where a program that died had it. */
  function claimed(name: string, body: object): void {
    writeFileSync(rig.at('.claimed', 'work', name), JSON.stringify(body));
  }

  it('what was taken and not begun is carried out by the next start', async () => {
    await open();
    claimed('1700000000000-000001-aabbccdd~messages~1.json', message('taken'));
    await rig.restart();
    expect(await rig.answer('work', '1.json')).toMatchObject({ ok: true });
    expect([rig.deeds, rig.left()]).toEqual([['sent console:work taken'], []]);
  });

  it('a message that was queued before the crash is not sent again', async () => {
    await open();
    claimed('1700000000000-000001-aabbccdd~messages~1.json', message('once'));
    await rig.restart();
    await rig.answer('work', '1.json');
    claimed('1700000000000-000001-aabbccdd~messages~1.json', message('once'));
    rmSync(rig.at('work', 'answers', '1.json'));
    await rig.restart();
    expect(await rig.answer('work', '1.json')).toMatchObject({ ok: true, result: { queued: true } });
    expect(rig.deeds).toEqual(['sent console:work once']);
  });

  it('what may have happened is not repeated, and the agent is told so', async () => {
    await open();
    const task = { type: 'schedule_task', prompt: 'Water', schedule_type: 'once', schedule_value: '2026-12-01T09:00:00Z', targetJid: 'console:work' };
    claimed('1700000000000-000001-aabbccdd~tasks~1.json~begun', task);
    await rig.restart();
    expect(await rig.answer('work', '1.json')).toMatchObject({ ok: false, error: { code: 'CONFLICT', message: expect.stringContaining('may have happened or not') } });
    expect([rig.tasks, rig.left()]).toEqual([[], []]);
    expect(rig.events().some(({ action }) => action === 'request_interrupted')).toBe(true);
  });

  it('a send that failed with the database is tried again by the next look', async () => {
    let broken = true;
    await open({
      whileSending: () => {
        if (broken) throw new AppError('DATABASE_BUSY');
      },
    });
    expect(await rig.ask('work', 'messages', message('Hi'))).toMatchObject({ ok: false, error: { code: 'DATABASE_BUSY', retryable: true } });
    broken = false;
    expect(await rig.ask('work', 'messages', message('Hi'))).toMatchObject({ ok: true });
    expect(rig.deeds).toEqual(['sent console:work Hi']);
  });

  it('stopping ends calls that wait, and answers them', async () => {
    await open({
      team: async (_, { signal }) => {
        if (!signal.aborted) await once(signal, 'abort');
        throw signal.reason as Error;
      },
    });
    const name = rig.put('work', 'tasks', { type: 'team_call', tool: 'read_inbox', arguments: { wait_sec: 50 } });
    await until(() => readdirSync(rig.at('.claimed', 'work')).length === 1);
    await rig.mailbox.stop();
    expect(await rig.answer('work', name)).toMatchObject({ ok: false, error: { code: 'NOT_RUNNING', retryable: true } });
    expect(rig.left()).toEqual([]);
  });
});
