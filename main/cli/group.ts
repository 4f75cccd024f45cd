import type { GroupInput, GroupView } from '../../preload/contract.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError, type Input } from './input.ts';
import { count, oneLine, table } from './text.ts';

/** `wheelhouse group list`. */
export async function groupList({ core, output }: CommandContext): Promise<number> {
  const list = await (await core('offline')).call('groups.list', {});
  const rows = list.groups.map((group) => [group.folder, oneLine(group.name), stateOf(group), wokenBy(group), differencesOf(group), group.jid]);
  const text = rows.length === 0 ? 'No group is registered. Register one with: wheelhouse group add' : table([['FOLDER', 'NAME', 'STATE', 'WOKEN BY', 'CONTAINER', 'CHAT'], ...rows]);
  output.result(list, text);
  return EXIT.ok;
}

/** `wheelhouse group add`. */
export async function groupAdd({ core, input, output }: CommandContext): Promise<number> {
  const folder = input.text('folder');
  const role = input.text('role');
  const name = input.text('name');
  const jid = input.argText('chat');
  const { group } = await (await core('offline')).call('groups.create', {
    jid,
    name: name ?? jid.slice(jid.indexOf(':') + 1),
    ...(folder !== undefined && { folder }),
    ...(role !== undefined && { role }),
    ...(input.flag('main') && { main: true }),
    ...settingsIn(input),
  });
  output.result({ group }, `${oneLine(group.name)} is registered and works in the folder ${group.folder}.`);
  return EXIT.ok;
}

/** `wheelhouse group edit`. */
export async function groupEdit({ core, input, output }: CommandContext): Promise<number> {
  const name = input.text('name');
  const settings = settingsIn(input);
  if (name === undefined && Object.keys(settings).length === 0) throw new UsageError('`group edit` needs something to change, for example --trigger @Andy.');
  const { group } = await (await core('offline')).call('groups.update', { group: input.argText('group'), ...(name !== undefined && { name }), ...settings });
  output.result({ group }, `${oneLine(group.name)} was changed. A run under way goes on as it began.`);
  return EXIT.ok;
}

/** `wheelhouse group remove`. */
export async function groupRemove({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  const wanted = input.argText('group');
  const done = await opened.call('groups.remove', { group: wanted });
  output.result(done, `${oneLine(wanted)} is no group any more. Its folder is still there.`);
  return EXIT.ok;
}

/** `wheelhouse group pause`. */
export async function groupPause({ core, input, output }: CommandContext): Promise<number> {
  const { group } = await (await core('offline')).call('groups.pause', { group: input.argText('group') });
  output.result({ group }, `${oneLine(group.name)} is paused. What arrives for it waits; a run under way goes on.`);
  return EXIT.ok;
}

/** `wheelhouse group resume`. */
export async function groupResume({ core, input, output }: CommandContext): Promise<number> {
  const { group } = await (await core('offline')).call('groups.resume', { group: input.argText('group') });
  output.result({ group }, `${oneLine(group.name)} goes on.`);
  return EXIT.ok;
}

function stateOf({ paused, isMain }: GroupView): string {
  return [paused ? 'paused' : 'on', ...(isMain ? ['main'] : [])].join(', ');
}

function wokenBy({ trigger, requiresTrigger, isMain }: GroupView): string {
  return isMain || !requiresTrigger ? 'every message' : oneLine(trigger);
}

function differencesOf({ container }: GroupView): string {
  const { additionalMounts, timeoutMs, network, memoryMb, cpus, pids } = container;
  const parts = [
    ...(additionalMounts.length === 0 ? [] : [count(additionalMounts.length, 'mount')]),
    ...(network === null ? [] : [`network ${network}`]),
    ...(memoryMb === null ? [] : [`${memoryMb} MiB`]),
    ...(cpus === null ? [] : [count(cpus, 'cpu')]),
    ...(pids === null ? [] : [`${pids} pids`]),
    ...(timeoutMs === null ? [] : [`${timeoutMs / 1000} s`]),
  ];
  return parts.length === 0 ? 'as the settings say' : parts.join(', ');
}

/** Throws UsageError. */
function settingsIn(input: Input): GroupInput {
  const trigger = input.text('trigger');
  const everyMessage = input.flag('every-message');
  if (everyMessage && input.flag('only-trigger')) throw new UsageError('--every-message and --only-trigger exclude each other.');
  const network = input.choice('network', ['none', 'restricted', 'full'] as const);
  const timeout = input.integer('timeout-sec');
  const memory = input.integer('memory-mb');
  const container = {
    ...(network !== undefined && { network }),
    ...(timeout !== undefined && { timeout_sec: timeout }),
    ...(memory !== undefined && { memory_mb: memory }),
  };
  return {
    ...(trigger !== undefined && { trigger }),
    ...(everyMessage && { requires_trigger: false }),
    ...(input.flag('only-trigger') && { requires_trigger: true }),
    ...(Object.keys(container).length > 0 && { container }),
  };
}
