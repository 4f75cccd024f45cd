import { useMemo } from 'react';
import { useSnapshot } from '../services.tsx';
import { usePerson } from './use-person.ts';
import { needsOf, type Need } from '../state/lookout.ts';

/** What waits for the person, most pressing first. */
export function useNeeds(): readonly Need[] {
  const status = useSnapshot((snapshot) => snapshot.status);
  const messages = useSnapshot((snapshot) => snapshot.messages);
  const tasks = useSnapshot((snapshot) => snapshot.tasks);
  const agents = useSnapshot((snapshot) => snapshot.agents);
  const coordinator = usePerson();
  return useMemo(() => needsOf({ status, messages, tasks, agents, coordinator }), [status, messages, tasks, agents, coordinator]);
}
