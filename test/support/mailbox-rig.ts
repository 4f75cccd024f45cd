import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TeamCall } from '../../main/agents/mailbox-actions.ts';
import type { ChatSummary } from '../../main/agents/mailbox-chats.ts';
import type { MailboxAnswer } from '../../main/agents/mailbox-types.ts';
import { Mailbox, type MailboxParts } from '../../main/agents/mailbox.ts';
import type { NewScheduledTask, ScheduledTaskSummary } from '../../main/agents/ports.ts';
import { Snapshots } from '../../main/agents/snapshots.ts';
import type { Group } from '../../main/agents/types.ts';
import { AppError } from '../../main/base/errors.ts';
import { systemClock } from '../../main/base/clock.ts';
import { makeGroups } from './agents-rig.ts';
import { readWhenThere } from './read-when-there.ts';
import { makeTempDir } from './temp-dir.ts';

/** What the mailbox had done, in order: `sent console:home Hello`, `schedule work Water the plants`, `team work whoami`. */
export type Deed = string;

export interface MailboxOverrides extends Partial<Pick<MailboxParts, 'perMinute' | 'maxBytes' | 'settleMs' | 'assertOperational' | 'assertMayAct'>> {
  readonly team?: (caller: Group, call: TeamCall) => Promise<unknown>;
  /** Runs within the transaction that queues a text. */
  readonly whileSending?: () => void;
}

/**
 * A real mailbox on real files and a real database, between the main group `main` (console:home), `work` (console:work) and
 * `family` (console:family). What stands behind its ports only notes what it was asked.
 */
export async function makeMailbox(overrides: MailboxOverrides = {}) {
  const rig = makeGroups();
  const temp = makeTempDir('wheelhouse-mailbox-');
  const dir = join(temp.path, 'ipc');
  mkdirSync(dir);
  rig.groups.create({ jid: 'console:home', name: 'Home', folder: 'main', isMain: true });
  rig.groups.create({ jid: 'console:work', name: 'Work', folder: 'work' });
  rig.groups.create({ jid: 'console:family', name: 'Family', folder: 'family' });
  const deeds: Deed[] = [];
  const faults: { readonly what: string; readonly error: unknown }[] = [];
  const tasks: (ScheduledTaskSummary & { readonly groupId: string })[] = [];
  const live = new Map<string, string>();
  const chats: ChatSummary[] = [{ jid: 'tg:7', name: 'Book club', lastActivity: '2026-11-20T09:00:00.000Z' }];
  const say = (jid: string, text: string): boolean => {
    overrides.whileSending?.();
    const left = text.replaceAll(/<internal>.*?<\/internal>/gs, '').trim();
    if (left !== '') deeds.push(`sent ${jid} ${left}`);
    return left !== '';
  };
  const task = (caller: Group, id: string) => {
    const found = tasks.find((one) => one.id === id && (caller.isMain || one.groupId === caller.id));
    if (found === undefined) throw new AppError('NOT_FOUND', 'no such task');
    return found;
  };
  const parts: MailboxParts = {
    store: rig.store,
    clock: systemClock,
    groups: rig.groups,
    dir,
    perMinute: 600,
    maxBytes: 65_536,
    settleMs: 300,
    conversations: { reply: (_, groupId, text) => say(rig.groups.get(groupId).jid, text) },
    chats: {
      list: () => chats,
      syncedAt: () => null,
      refresh: async () => void deeds.push('refreshed'),
      send: (_, jid, text) => say(jid, text),
    },
    runs: { current: (groupId) => live.get(groupId) ?? null, wroteToChat: (_, groupId) => void (live.has(groupId) && deeds.push(`counted ${live.get(groupId)}`)) },
    schedule: {
      create(caller: Group, wanted: NewScheduledTask) {
        if (wanted.scheduleValue === 'never') throw new AppError('INPUT_INVALID', 'schedule_value is not a time.');
        const group = rig.groups.get(wanted.groupId);
        const made = {
          id: `task-${tasks.length + 1}`,
          groupId: group.id,
          groupFolder: group.folder,
          prompt: wanted.prompt,
          schedule_type: wanted.scheduleType,
          schedule_value: wanted.scheduleValue,
          status: 'active',
          next_run: null,
        } as const;
        tasks.push(made);
        deeds.push(`schedule ${group.folder} ${wanted.prompt} (${wanted.contextMode}) by ${caller.folder}`);
        return made;
      },
      list: (caller) => tasks.filter((one) => caller.isMain || one.groupId === caller.id),
      pause: (caller, id) => void deeds.push(`pause ${task(caller, id).id}`),
      resume: (caller, id) => void deeds.push(`resume ${task(caller, id).id}`),
      cancel: (caller, id) => void deeds.push(`cancel ${task(caller, id).id}`),
    },
    team: {
      call: async (caller, call) => {
        if (overrides.team !== undefined) return overrides.team(caller, call);
        deeds.push(`team ${caller.folder} ${call.tool}`);
        return { tool: call.tool };
      },
    },
    assertOperational: () => undefined,
    assertMayAct: () => undefined,
    asked: () => undefined,
    writeSnapshots: () => snapshots.write(),
    report: (what, error) => faults.push({ what, error }),
    ...overrides,
    ...(overrides.team !== undefined && { team: { call: overrides.team } }),
  };
  const snapshots = new Snapshots(parts);
  let count = 0;
  const rigged = {
    ...rig,
    parts,
    dir,
    deeds,
    faults,
    tasks,
    live,
    chats,
    snapshots,
    mailbox: new Mailbox(parts),
    /** A place in the mailbox of a group. */
    at: (...path: string[]) => join(dir, ...path),
    /** Puts a file into a box as a well-behaved agent does. Returns its name. */
    put(folder: string, box: 'messages' | 'tasks', body: unknown, name = `${Date.now()}-${String((count += 1)).padStart(4, '0')}.json`): string {
      const file = join(dir, folder, box, name);
      writeFileSync(`${file}.tmp`, typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
      renameSync(`${file}.tmp`, file);
      return name;
    },
    /** The answer to a request, once there is one. */
    async answer(folder: string, name: string): Promise<MailboxAnswer> {
      return (await readWhenThere(join(dir, folder, 'answers', name))) as MailboxAnswer;
    },
    async ask(folder: string, box: 'messages' | 'tasks', body: unknown, name?: string): Promise<MailboxAnswer> {
      return rigged.answer(folder, rigged.put(folder, box, body, name));
    },
    /** The requests that were set aside, with their reasons. */
    setAside: () =>
      readdirSync(join(dir, 'errors'))
        .filter((name) => name.endsWith('.reason.json'))
        .map((name) => JSON.parse(readFileSync(join(dir, 'errors', name), 'utf8')) as { group: string; box: string; file: string; code: string; reason: string }),
    /** Everything that lies in the boxes and among the claims. */
    left: () =>
      ['main', 'work', 'family'].flatMap((folder) =>
        [join(folder, 'messages'), join(folder, 'tasks'), join('.claimed', folder)].flatMap((place) => readdirSync(join(dir, place)).map((name) => join(place, name))),
      ),
    /** A new program on the same files and database. */
    async restart() {
      await rigged.mailbox.stop();
      rigged.mailbox = new Mailbox(parts);
      await rigged.mailbox.start();
    },
    async close() {
      await rigged.mailbox.stop();
      snapshots.stop();
      rig.close();
      temp.remove();
    },
  };
  await rigged.mailbox.start();
  return rigged;
}

export type MailboxRig = Awaited<ReturnType<typeof makeMailbox>>;
