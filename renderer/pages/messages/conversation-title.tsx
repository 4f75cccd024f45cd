import { Hash } from 'lucide-react';
import { RoleChip } from '../../components/role-chip.tsx';
import type { Conversation } from '../../state/conversations.ts';
import css from './messages.module.css';

/** A thread by its name, other messages by the two who write to each other. */
export function ConversationTitle({ thread, roles }: Pick<Conversation, 'thread' | 'roles'>) {
  if (thread === null) {
    return (
      <span className={css['pair']}>
        {roles.map((role) => (
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
