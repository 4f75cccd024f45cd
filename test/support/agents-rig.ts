import { groupAgents } from '../../main/agents/group-agents.ts';
import { Groups } from '../../main/agents/groups.ts';
import { makeAccess } from './access-rig.ts';

/** The groups of the agents room on a real database with a clock that tests move. */
export function makeGroups() {
  const access = makeAccess();
  const agents = groupAgents({ agents: access.agents, roles: ['FE', 'BE', 'AI', 'Producer'], coordinator: 'Producer' });
  const groups = new Groups({ store: access.store, agents, assistantName: 'Andy' });
  return { ...access, groups };
}
