import type { Agents } from '../access/agents.ts';
import type { Groups } from '../agents/groups.ts';
import type { TeamTools } from '../agents/mailbox-actions.ts';
import type { Group } from '../agents/types.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { AppError } from '../base/errors.ts';
import type { TeamBus } from '../bus/bus.ts';
import type { Caller } from '../bus/types.ts';
import type { Store, StoredEvent } from '../store/store.ts';

export interface GroupTeam {
  readonly bus: TeamBus;
  readonly roles: readonly string[];
  readonly coordinator: string;
  readonly resources: readonly string[];
}

/** What leases and claims of a group's agent are bound to. No token stands behind it: the folder proved who asks. */
function sessionOf(groupId: string): string {
  return `group:${groupId}`;
}

/** The tools of `/mcp` for the agents of groups, in the name of each group's own agent and its role. */
export function groupTeamTools({ bus, roles, coordinator, resources }: GroupTeam, agents: Pick<Agents, 'find'>): TeamTools {
  return {
    async call(group, { tool: name, arguments: given, key, signal }) {
      const { TOOLS } = await import('../server/mcp/tools.ts');
      const tool = TOOLS.find((one) => one.name === name);
      if (tool === undefined) throw new AppError('NOT_FOUND', `There is no tool '${name}'. There are: ${TOOLS.map((one) => one.name).join(', ')}.`, { tool: name });
      const caller = callerOf(group, agents);
      const { [tool.roleArgument]: named, ...input } = given;
      if (named !== undefined && named !== caller.role) {
        throw new AppError('ROLE_MISMATCH', `This agent belongs to ${caller.role}. Leave ${tool.roleArgument} out.`, { argument: tool.roleArgument, sessionRole: caller.role });
      }
      const keyed = 'idempotency_key' in tool.input.shape ? { idempotency_key: key, ...input } : input;
      return tool.run({ bus, roles, coordinator, resources, caller: () => caller, waiting: async (call) => call(signal) }, keyed);
    },
  };
}

function callerOf(group: Group, agents: Pick<Agents, 'find'>): Caller {
  const { name, role } = agents.find(group.agentId);
  return { role, sessionId: sessionOf(group.id), agentName: name, verified: true, person: false };
}

/** Lets go of what the agent of a group holds on the bus when the agent is stopped or its group is removed. */
export function endGroupsOnBus(store: Store, groups: Pick<Groups, 'list'>, bus: Pick<TeamBus, 'endSession'>, report: (what: string, error: unknown) => void): Unsubscribe {
  return store.onCommit((events) => {
    for (const { groupId, reason } of events.flatMap((event) => endedBy(event, groups))) {
      bus.endSession(sessionOf(groupId), reason).catch((error: unknown) => report('the locks and claims of a group could not be ended', error));
    }
  });
}

function endedBy({ kind, action, subject, text }: StoredEvent, groups: Pick<Groups, 'list'>): { readonly groupId: string; readonly reason: string }[] {
  if (kind === 'group' && action === 'removed') return [{ groupId: subject!.slice('group:'.length), reason: 'its group was removed' }];
  if (kind !== 'agent' || (action !== 'stopped' && action !== 'suspended')) return [];
  // One agent, or all of them.
  const stopped = groups.list().filter(({ agentId }) => subject === null || subject === `agent:${agentId}`);
  return stopped.map(({ id }) => ({ groupId: id, reason: text }));
}
