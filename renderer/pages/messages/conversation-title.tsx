import { Hash } from 'lucide-react';
import { RoleChip } from '../../components/role-chip.tsx';
import { usePerson } from '../../components/use-person.ts';
import type { Conversation } from '../../state/conversations.ts';
import css from './messages.module.css';

/** A thread by its name, other messages by who write to each other; the person is not named to itself. */
export function ConversationTitle({ thread, roles }: Pick<Conversation, 'thread' | 'roles'>) {
  const person = usePerson();
  if (thread === null) {
    const others = roles.filter((role) => role !== person);
    return (
      <span className={css['pair']}>
        {(others.length > 0 ? others : roles).map((role) => (
          <RoleChip key={role} role={role} />
        ))}
      </span>
    );
  }
  return (
    <span className={css['thread']} title={thread}>
      <Hash size={14} aria-hidden />
      <span>{thread}</span>
    </span>
  );
}
