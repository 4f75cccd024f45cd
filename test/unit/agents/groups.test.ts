import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertGroupFolder, suggestGroupFolder } from '../../../main/agents/group-folder.ts';
import { AppError } from '../../../main/base/errors.ts';
import { makeGroups } from '../../support/agents-rig.ts';

let rig: ReturnType<typeof makeGroups>;
beforeEach(() => (rig = makeGroups()));
afterEach(() => rig.close());

function code(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return 'nothing was refused';
}

describe('registering a group', () => {
  test('gives it a folder, a trigger and an agent of its own, with a line in the log', () => {
    const group = rig.groups.create({ jid: '123@g.us', name: 'Family Chat' });
    expect(group).toMatchObject({ folder: 'family-chat', trigger: '@Andy', requiresTrigger: true, isMain: false, paused: false, sessionId: null });
    expect(rig.agents.find(group.agentId)).toMatchObject({ name: 'family-chat', role: 'AI', status: 'active' });
    expect(rig.groups.list()).toEqual([group]);
    expect(rig.events().at(-1)).toMatchObject({ kind: 'group', action: 'created', subject: `group:${group.id}` });
  });

  test('lets the main group do without a trigger, and have only one of it', () => {
    const main = rig.groups.create({ jid: 'console:home', name: 'Home', folder: 'main', isMain: true });
    expect(main.requiresTrigger).toBe(false);
    expect(code(() => rig.groups.create({ jid: 'console:other', name: 'Other', isMain: true }))).toBe('GROUP_EXISTS');
  });

  test('never replaces a group by one with its chat or its folder, whatever the case', () => {
    const first = rig.groups.create({ jid: '1@g.us', name: 'One', folder: 'work' });
    expect(code(() => rig.groups.create({ jid: '1@g.us', name: 'Again' }))).toBe('GROUP_EXISTS');
    expect(code(() => rig.groups.create({ jid: '2@g.us', name: 'Two', folder: 'WORK' }))).toBe('GROUP_EXISTS');
    expect(rig.groups.list()).toEqual([first]);
    expect(rig.agents.list()).toHaveLength(1);
  });

  test('never takes over the agent that has its name already', () => {
    const alice = rig.agents.add({ name: 'alice', role: 'FE' });
    const group = rig.groups.create({ jid: '1@g.us', name: 'Alice', folder: 'alice' });
    expect(group.agentId).not.toBe(alice.id);
    expect(rig.agents.find(group.agentId).name).toBe('alice-2');
  });

  test.each(['', 'not an address', '@g.us', 'console:', 'a\u0000b@g.us'])('refuses the chat address %j', (jid) => {
    expect(code(() => rig.groups.create({ jid, name: 'X' }))).toBe('INPUT_INVALID');
  });

  test('refuses container settings out of range and leaves no agent behind', () => {
    expect(code(() => rig.groups.create({ jid: '1@g.us', name: 'X', container: { memoryMb: 1 } }))).toBe('INPUT_INVALID');
    expect(rig.agents.list()).toEqual([]);
  });
});

describe('the name of a folder', () => {
  test.each(['../etc', 'a/b', 'a\\b', '.', '..', '.hidden', 'global', 'Errors', 'main', 'MAIN', 'con', 'COM1', 'a b', 'ä', '', 'x'.repeat(65), 'a\n', '-a'])('%j is refused', (folder) => {
    expect(code(() => assertGroupFolder(folder, false))).toBe('INPUT_INVALID');
  });

  test('main belongs to the main group', () => {
    expect(code(() => assertGroupFolder('main', true))).toBe('nothing was refused');
  });

  test('is made from any name there is, allowed and free', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string()), (name, others) => {
        const taken = new Set(others);
        taken.add(suggestGroupFolder(name, taken));
        const next = suggestGroupFolder(name, taken);
        assertGroupFolder(next, false);
        expect([...taken].map((folder) => folder.toLowerCase())).not.toContain(next);
      }),
    );
    expect(suggestGroupFolder('가족 채팅', new Set())).toBe('group');
  });
});

describe('a registered group', () => {
  test('is found by id, chat, folder and name; a miss names the nearest', () => {
    const group = rig.groups.create({ jid: '1@g.us', name: 'Family Chat' });
    for (const wanted of [group.id, '1@g.us', 'family-chat', 'FAMILY chat']) expect(rig.groups.find(wanted).id).toBe(group.id);
    expect(() => rig.groups.find('famly-chat')).toThrow(/Did you mean 'family-chat'/);
  });

  test('is changed as far as asked, and a change that changes nothing leaves no line', () => {
    const group = rig.groups.create({ jid: '1@g.us', name: 'One', container: { memoryMb: 512 } });
    const after = rig.groups.update(group.id, { name: 'Uno', container: { cpus: 0.5 } });
    expect(after).toMatchObject({ name: 'Uno', folder: 'one', container: { memoryMb: 512, cpus: 0.5 } });
    const lines = rig.events().length;
    rig.groups.update(group.id, { name: 'Uno' });
    expect(rig.events()).toHaveLength(lines);
  });

  test('takes its agent with it when it is removed, and not while it is at work', () => {
    const group = rig.groups.create({ jid: '1@g.us', name: 'One' });
    rig.store.db
      .prepare("INSERT INTO runs (id, group_id, kind, state, context_mode, not_before, queued_at) VALUES ('r', ?, 'messages', 'running', 'group', 0, 0)")
      .run(group.id);
    expect(code(() => rig.groups.remove(group.id))).toBe('CONFLICT');
    rig.store.db.prepare("UPDATE runs SET state = 'succeeded'").run();
    rig.groups.remove(group.id);
    expect(rig.groups.list()).toEqual([]);
    expect(rig.agents.find(group.agentId).status).toBe('suspended');
    expect(rig.groups.create({ jid: '1@g.us', name: 'One' }).agentId).not.toBe(group.agentId);
  });
});
