import type { Caller } from '../../../main/bus/types.ts';

/** A proven caller in this role; another session of the same role has another id. */
export function callerIn(role: string, sessionId = `${role}-session-1`, more: Partial<Caller> = {}): Caller {
  return { role, sessionId, agentName: `${role} agent`, verified: true, person: false, ...more };
}
