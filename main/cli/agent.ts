import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { localTime, table } from './text.ts';

/** `wheelhouse agent add`. */
export async function agentAdd({ core, input, output }: CommandContext): Promise<number> {
  const added = await (await core('offline')).call('agents.add', { name: input.argText('name'), role: input.text('role')! });
  const { name, role } = added.agent;
  output.result(added, `Added ${name} in the role ${role}. Its token: wheelhouse session create --agent ${JSON.stringify(name)}`);
  return EXIT.ok;
}

/** `wheelhouse agent list`. */
export async function agentList({ core, output }: CommandContext): Promise<number> {
  const list = await (await core('offline')).call('agents.list', {});
  const rows = list.agents.map((agent) => [
    agent.name,
    agent.role,
    agent.status === 'active' ? 'active' : `suspended: ${agent.statusReason ?? 'no reason given'}`,
    String(agent.liveSessions),
    agent.lastSeenAt === null ? 'never' : localTime(agent.lastSeenAt),
    agent.id,
  ]);
  const empty = 'There are no agents yet. Add one: wheelhouse agent add fe-1 --role FE';
  output.result(list, rows.length === 0 ? empty : table([['NAME', 'ROLE', 'STATUS', 'SESSIONS', 'LAST SEEN', 'ID'], ...rows]));
  return EXIT.ok;
}

/** `wheelhouse agent suspend`. */
export async function agentSuspend({ core, input, output }: CommandContext): Promise<number> {
  const stopped = await (await core('offline')).call('agents.suspend', { agent: input.argText('agent'), reason: input.text('reason')! });
  const { name, statusReason } = stopped.agent;
  output.result(stopped, `${name} is suspended: ${statusReason}`);
  return EXIT.ok;
}

/** `wheelhouse agent resume`. */
export async function agentResume({ core, input, output }: CommandContext): Promise<number> {
  const resumed = await (await core('offline')).call('agents.resume', { agent: input.argText('agent') });
  output.result(resumed, `${resumed.agent.name} may act again.`);
  return EXIT.ok;
}
