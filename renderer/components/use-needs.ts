import { useMemo } from 'react';
import { useSnapshot } from '../services.tsx';
import { usePerson } from './use-person.ts';
import { useNow } from './time.tsx';
import { needsOf, type Need } from '../state/lookout.ts';

/** What waits for the person, most pressing first. */
export function useNeeds(): readonly Need[] {
  const status = useSnapshot((snapshot) => snapshot.status);
  const renewals = useSnapshot((snapshot) => snapshot.renewals);
  const completions = useSnapshot((snapshot) => snapshot.completions);
  const messages = useSnapshot((snapshot) => snapshot.messages);
  const tasks = useSnapshot((snapshot) => snapshot.tasks);
  const agents = useSnapshot((snapshot) => snapshot.agents);
  const coordinator = usePerson();
  const now = useNow(10_000);
  return useMemo(() => needsOf({ status, renewals, completions, messages, tasks, agents, coordinator }, now), [status, renewals, completions, messages, tasks, agents, coordinator, now]);
}
