import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeMailbox, type MailboxRig } from '../../support/mailbox-rig.ts';
import { until } from '../../support/until.ts';

let rig: MailboxRig;
beforeEach(async () => {
  rig = await makeMailbox();
  rig.snapshots.start();
});
afterEach(async () => rig.close());

const read = (folder: string, name: string): unknown => JSON.parse(readFileSync(rig.at(folder, name), 'utf8'));
const tasks = (folder: string) => read(folder, 'current_tasks.json') as { id: string }[];
const schedule = async (prompt: string, targetJid: string) =>
  rig.ask('main', 'tasks', { type: 'schedule_task', prompt, schedule_type: 'cron', schedule_value: '0 9 * * *', targetJid });

describe('SNAP-01: current_tasks.json', () => {
  it('shows the main group all tasks and others their own, as soon as the agent is told', async () => {
    await schedule('Water', 'console:work');
    await schedule('Feed', 'console:home');
    expect(tasks('main')).toEqual([
      { id: 'task-1', groupFolder: 'work', prompt: 'Water', schedule_type: 'cron', schedule_value: '0 9 * * *', status: 'active', next_run: null },
      expect.objectContaining({ id: 'task-2', groupFolder: 'main' }),
    ]);
    expect(tasks('work').map(({ id }) => id)).toEqual(['task-1']);
    expect(tasks('family')).toEqual([]);
  });

  it('follows changes that did not come through the mailbox', async () => {
    await schedule('Water', 'console:work');
    rig.tasks.pop();
    rig.store.transact((tx) => tx.event({ kind: 'schedule', action: 'cancelled', text: 'gone' }));
    await until(() => tasks('work').length === 0);
  });
});

describe('SNAP-02: available_groups.json', () => {
  it('shows the main group the chats and which of them are served; the others an empty list', async () => {
    rig.chats.push({ jid: 'console:work', name: 'Work', lastActivity: null });
    rig.snapshots.write();
    expect(read('main', 'available_groups.json')).toEqual({
      groups: [
        { jid: 'tg:7', name: 'Book club', lastActivity: '2026-11-20T09:00:00.000Z', isRegistered: false },
        { jid: 'console:work', name: 'Work', lastActivity: null, isRegistered: true },
      ],
      lastSync: null,
    });
    expect(read('work', 'available_groups.json')).toEqual({ groups: [], lastSync: null });
  });

  it('is there for a group that has just registered', async () => {
    rig.groups.create({ jid: 'tg:7', name: 'Book club', folder: 'club' });
    await until(() => readdirSync(rig.dir).includes('club') && readdirSync(rig.at('club')).includes('available_groups.json'));
    await until(() => JSON.stringify(read('main', 'available_groups.json')).includes('"isRegistered":true'));
  });
});

describe('the files', () => {
  it('are not written again when nothing changed', async () => {
    const before = statSync(rig.at('work', 'current_tasks.json')).ino;
    rig.snapshots.write();
    expect(statSync(rig.at('work', 'current_tasks.json')).ino).toBe(before);
    await schedule('Water', 'console:work');
    expect(statSync(rig.at('work', 'current_tasks.json')).ino).not.toBe(before);
  });

  it('replace a link in their place instead of writing through it, and leave nothing half-written', async () => {
    const precious = rig.at('precious');
    writeFileSync(precious, 'keep me');
    mkdirSync(rig.at('late'), { recursive: true });
    symlinkSync(precious, rig.at('late', 'current_tasks.json'));
    rig.groups.create({ jid: 'console:late', name: 'Late', folder: 'late' });
    await until(() => readdirSync(rig.at('late')).includes('available_groups.json'));
    expect(readFileSync(precious, 'utf8')).toBe('keep me');
    expect(tasks('late')).toEqual([]);
    expect(readdirSync(rig.at('late')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('of one group that cannot be written do not keep the others from it', async () => {
    writeFileSync(rig.at('blocked'), 'a file in the place of a folder');
    rig.groups.create({ jid: 'console:blocked', name: 'Blocked', folder: 'blocked' });
    await schedule('Water', 'console:work');
    expect(tasks('work')).toHaveLength(1);
    expect(rig.faults.map(({ what }) => what)).toContain('the snapshots for blocked could not be written');
  });
});
