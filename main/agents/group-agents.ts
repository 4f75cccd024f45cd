import type { Agents } from '../access/agents.ts';
import type { GroupAgents } from './groups.ts';

export interface GroupAgentsParts {
  readonly agents: Pick<Agents, 'addIn' | 'hasName' | 'suspendIn'>;
  /** The roles of the team, and the one that decides about others: no group gets that one by itself. */
  readonly roles: readonly string[];
  readonly coordinator: string;
}

/** The role of contained agents in a team that did not rename its roles. */
const USUAL_ROLE = 'AI';
const RETIRED = 'Its group was removed';

/** Gives each group an agent of its own. One that was there before is never taken over: that would hand out its rights. */
export function groupAgents({ agents, roles, coordinator }: GroupAgentsParts): GroupAgents {
  const usual = roles.includes(USUAL_ROLE) ? USUAL_ROLE : (roles.find((role) => role !== coordinator) ?? coordinator);
  return {
    add(tx, wanted, role) {
      let name = wanted.slice(0, 50).replace(/[-_]+$/, '');
      for (let n = 2; agents.hasName(name); n++) name = `${wanted.slice(0, 50)}-${n}`;
      return agents.addIn(tx, { name, role: role ?? usual }).id;
    },
    retire: (tx, agentId) => void agents.suspendIn(tx, agentId, RETIRED),
  };
}
