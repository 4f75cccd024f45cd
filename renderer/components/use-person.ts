import { useMemo } from 'react';
import { useSnapshot } from '../services.tsx';

/** The role in which the person acts. */
export const usePerson = (): string => useSnapshot((snapshot) => snapshot.coordinator);

/** How many messages to the person nobody has marked read. */
export const useUnread = (): number => useSnapshot(({ roles, coordinator }) => roles.find(({ name }) => name === coordinator)?.unread ?? 0);

/** The roles that the person can write to. */
export function useOtherRoles(): readonly string[] {
  const roles = useSnapshot((snapshot) => snapshot.roles);
  const person = usePerson();
  return useMemo(() => roles.map(({ name }) => name).filter((name) => name !== person), [roles, person]);
}
