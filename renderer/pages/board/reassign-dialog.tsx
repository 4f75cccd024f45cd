import { useState } from 'react';
import type { Task } from '../../../preload/contract.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { useTaskActions } from './use-task-actions.ts';

interface ReassignDialogProps {
  readonly task: Task;
  readonly onClose: () => void;
}

/** Gives a task to another role. The reason is told to whoever holds it. */
export function ReassignDialog({ task, onClose }: ReassignDialogProps) {
  const { t } = useLanguage();
  const actions = useTaskActions();
  const others = useSnapshot((snapshot) => snapshot.roles).filter(({ name }) => name !== task.assignee_role);
  const [role, setRole] = useState(others[0]?.name ?? '');
  const [reason, setReason] = useState('');
  const ready = role !== '' && reason.trim() !== '';
  const reassign = (): void => {
    onClose();
    void actions.reassign(task, role, reason.trim());
  };
  return (
    <ConfirmDialog
      title={t('task.reassignTitle', { id: String(task.id) })}
      confirm={t('task.reassign')}
      kind="primary"
      disabled={!ready}
      onConfirm={reassign}
      onClose={onClose}
    >
      {task.held_by !== null && <p>{t('task.reassignHeld', { role: task.held_by })}</p>}
      <Field label={t('board.form.assignee')}>
        {(control) => <Select {...control} value={role} onChoose={setRole} options={others.map(({ name }) => ({ value: name, label: name }))} />}
      </Field>
      <Field label={t('common.reason')}>
        {(control) => (
          <TextInput
            {...control}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && ready && reassign()}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
