import { AppError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { Config } from '../../config/schema.ts';
import type { CommandContext } from '../command.ts';
import { UsageError } from '../input.ts';
import { shellWord } from './shell-word.ts';

/** The role of `--agent` or `--role`; null: none was asked for. Throws AGENT_NOT_FOUND, ROLE_UNKNOWN. */
export async function roleFor({ core }: CommandContext, config: Config, agent: string | undefined, role: string | undefined): Promise<string | null> {
  if (agent !== undefined && role !== undefined) throw new UsageError('--agent and --role exclude each other: an agent has its role already.');
  if (agent !== undefined) {
    const { agents } = await (await core('offline')).call('agents.list', {});
    const found = agents.find(({ name, id }) => name.toLowerCase() === agent.toLowerCase() || id === agent);
    if (found !== undefined) return found.role;
    const guess = nearest(agent, agents.map(({ name }) => name));
    const hint = guess === null ? `Add it with: wheelhouse agent add ${shellWord(agent)} --role <ROLE>` : `Did you mean '${guess}'?`;
    throw new AppError('AGENT_NOT_FOUND', `There is no agent '${agent}'. ${hint}`, { agent });
  }
  if (role === undefined || config.bus.roles.includes(role)) return role ?? null;
  const guess = nearest(role, config.bus.roles);
  throw new AppError('ROLE_UNKNOWN', `There is no role '${role}'. ${guess === null ? `Roles: ${config.bus.roles.join(', ')}.` : `Did you mean ${guess}?`}`, { role });
}
