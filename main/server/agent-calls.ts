import { z } from 'zod';
import { CONTAINER_LIMITS } from '../agents/group-rules.ts';
import { readRunLog } from '../agents/run-log-file.ts';
import { ENDED } from '../agents/run-rows.ts';
import type { ContainerSettings } from '../agents/types.ts';
import { AppError } from '../base/errors.ts';
import type { Store } from '../store/store.ts';
import type { GroupInput } from '../../preload/contract.ts';
import { chunkView, endedRunView, groupView, groupViews, runViewOf, type AgentRooms } from './agent-views.ts';
import type { CallDefinitions } from './calls.ts';
import { integer, oneOf, text } from './input-fields.ts';

type AgentCallName = Extract<keyof CallDefinitions, `groups.${string}` | `runs.${string}`>;

const DEFAULT_PAGE = 50;
const LOG_SHOWN = 256 * 1024;
const LONGEST_TEXT = 65_536;

const flag = (name: string) => z.boolean({ error: `${name} must be true or false` });
const within = (name: string, { min, max }: { readonly min: number; readonly max: number }) => {
  const error = `${name} must be a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
};
const group = text('group', 200);
const run = text('run', 60);
const mount = z.strictObject({
  host_path: text('host_path', 4096),
  container_path: text('container_path', 255).optional(),
  readonly: flag('readonly').optional(),
});
const container = z.strictObject({
  mounts: z.array(mount, { error: 'mounts must be a list of folders' }).max(50, { error: 'mounts must hold at most 50 folders' }).optional(),
  timeout_sec: within('timeout_sec', { min: CONTAINER_LIMITS.timeoutMs.min / 1000, max: CONTAINER_LIMITS.timeoutMs.max / 1000 }).nullable().optional(),
  network: oneOf('network', ['none', 'restricted', 'full']).nullable().optional(),
  memory_mb: within('memory_mb', CONTAINER_LIMITS.memoryMb).nullable().optional(),
  cpus: within('cpus', CONTAINER_LIMITS.cpus).nullable().optional(),
  pids: within('pids', CONTAINER_LIMITS.pids).nullable().optional(),
});
const common = { trigger: text('trigger', 60).optional(), requires_trigger: flag('requires_trigger').optional(), container: container.optional() };

const NOTHING = z.strictObject({});
const GROUP = z.strictObject({ group });
const RUN = z.strictObject({ run });
const CREATE = z.strictObject({ jid: text('jid', 200), name: text('name', 100), folder: text('folder', 64).optional(), main: flag('main').optional(), role: text('role', 40).optional(), ...common });
const UPDATE = z.strictObject({ group, name: text('name', 100).optional(), ...common });
const LIST = z.strictObject({
  group: group.optional(),
  which: oneOf('which', ['all', 'ended']).default('all'),
  before: run.optional(),
  limit: integer('limit', 1, 500).default(DEFAULT_PAGE),
});
const TELL = z.strictObject({ run, text: text('text', LONGEST_TEXT) });

/** What the person does about groups and runs, through windows and the command line. */
export function agentCalls(rooms: AgentRooms, store: Pick<Store, 'transact'>): Pick<CallDefinitions, AgentCallName> {
  const { groups, queue, runs, watch } = rooms;
  const found = (wanted: string) => groups.find(wanted);
  return {
    'groups.list': { by: 'cli', args: NOTHING, run: () => ({ groups: groupViews(rooms) }) },
    'groups.create': {
      by: 'window',
      args: CREATE,
      run: ({ jid, name, folder, main, role, trigger, requires_trigger, container: settings }) => ({
        group: groupView(groups.create({ jid, name, folder, isMain: main, role, trigger, requiresTrigger: requires_trigger, container: containerOf(settings) })),
      }),
    },
    'groups.update': {
      by: 'window',
      args: UPDATE,
      run: ({ group: wanted, name, trigger, requires_trigger, container: settings }) => ({
        group: groupView(groups.update(found(wanted).id, { name, trigger, requiresTrigger: requires_trigger, container: containerOf(settings) })),
      }),
    },
    'groups.remove': {
      by: 'window',
      args: GROUP,
      run: (args) => {
        const { id } = found(args.group);
        // Whoever waits for its tasks hears that they will not be done.
        groups.assertRemovable(id);
        store.transact((tx) => void queue.cancelWaiting(tx, 'cancelled', id));
        groups.remove(id);
        return { removed: true };
      },
    },
    'groups.pause': {
      by: 'window',
      args: GROUP,
      run: (args) => {
        const { id } = found(args.group);
        queue.pause(id);
        return { group: groupView(groups.get(id)) };
      },
    },
    'groups.resume': {
      by: 'window',
      args: GROUP,
      run: (args) => {
        const { id } = found(args.group);
        queue.resume(id);
        return { group: groupView(groups.get(id)) };
      },
    },
    'groups.newConversation': {
      by: 'window',
      args: GROUP,
      run: (args) => {
        const { id } = found(args.group);
        groups.forgetConversation(id);
        return { group: groupView(groups.get(id)) };
      },
    },
    'runs.list': {
      by: 'window',
      args: LIST,
      run: ({ group: wanted, which, before, limit = DEFAULT_PAGE }) => {
        const groupId = wanted === undefined ? undefined : found(wanted).id;
        const beforeSeq = before === undefined ? undefined : runs.find(before).seq;
        const page = runs.list({ groupId, states: which === 'ended' ? ENDED : undefined, beforeSeq, limit: limit + 1 });
        const shown = page.slice(0, limit);
        return { runs: shown.map((each) => (ENDED.includes(each.state) ? endedRunView(each) : runViewOf(rooms, each))), has_more: page.length > limit };
      },
    },
    'runs.get': { by: 'window', args: RUN, run: (args) => ({ run: runViewOf(rooms, runs.find(args.run)) }) },
    'runs.output': { by: 'window', args: RUN, run: (args) => ({ chunks: watch.of(runs.find(args.run).id).map(chunkView) }) },
    'runs.log': {
      by: 'window',
      args: RUN,
      run: async (args) => {
        const { logFile, state } = runs.find(args.run);
        if (logFile === null) throw new AppError('NOT_FOUND', ENDED.includes(state) ? 'This run has no log.' : 'The log can be read when the run is over.', { run: args.run, state });
        return { file: logFile, ...(await readRunLog(logFile, LOG_SHOWN)) };
      },
    },
    'runs.tell': {
      by: 'window',
      args: TELL,
      run: async (args) => {
        await queue.tell(runs.find(args.run).id, args.text);
        return { told: true };
      },
    },
    'runs.abort': { by: 'window', args: RUN, run: async (args) => ({ run: runViewOf(rooms, await queue.abort(runs.find(args.run).id)) }) },
  };
}

/** The settings of the API in the words of the room; what is absent stays as it is. */
function containerOf(input: GroupInput['container']): Partial<ContainerSettings> | undefined {
  if (input === undefined) return undefined;
  const { mounts, timeout_sec, network, memory_mb, cpus, pids } = input;
  return {
    ...(mounts !== undefined && {
      additionalMounts: mounts.map(({ host_path, container_path, readonly }) => ({
        hostPath: host_path,
        ...(container_path !== undefined && { containerPath: container_path }),
        ...(readonly !== undefined && { readonly }),
      })),
    }),
    ...(timeout_sec !== undefined && { timeoutMs: timeout_sec === null ? null : Math.round(timeout_sec * 1000) }),
    ...(network !== undefined && { network }),
    ...(memory_mb !== undefined && { memoryMb: memory_mb }),
    ...(cpus !== undefined && { cpus }),
    ...(pids !== undefined && { pids }),
  };
}
