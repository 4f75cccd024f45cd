import { useState, type FormEvent } from 'react';
import { Field, Select, TextArea, TextInput } from '../../components/field.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { useCall, useLanguage, useServices, useSnapshot } from '../../services.tsx';
import { readTaskNumbers, taskById } from '../../state/board.ts';
import { taskArrival } from '../../state/mirror.ts';
import { PRIORITIES } from './priorities.ts';
import css from './task-form.module.css';

interface NewTaskProps {
  readonly onClose: () => void;
  readonly onCreated: (id: number) => void;
}

/** The limits of the core's own input rules; the fields do not let more in. */
const LONGEST_TITLE = 300;
const LONGEST_DETAIL = 20_000;

export function NewTask({ onClose, onCreated }: NewTaskProps) {
  const { t } = useLanguage();
  const { toasts, mirror } = useServices();
  const call = useCall();
  const roles = useSnapshot((snapshot) => snapshot.roles);
  const tasks = useSnapshot((snapshot) => snapshot.tasks);
  const [title, setTitle] = useState('');
  const [detail, setDetail] = useState('');
  const [assignee, setAssignee] = useState(roles[0]?.name ?? '');
  const [priority, setPriority] = useState('3');
  const [waitsFor, setWaitsFor] = useState('');
  const [sending, setSending] = useState(false);

  const numbers = readTaskNumbers(waitsFor);
  const unknown = numbers?.find((id) => taskById(tasks, id) === null);
  const fault = numbers === null ? t('board.form.notNumbers') : unknown === undefined ? null : t('board.form.unknownTask', { id: String(unknown) });

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (title.trim() === '' || numbers === null || fault !== null || sending) return;
    setSending(true);
    const answer = await call(
      'tasks.create',
      {
        title: title.trim(),
        assignee_role: assignee,
        priority: Number(priority),
        ...(detail.trim() !== '' && { detail: detail.trim() }),
        ...(numbers.length > 0 && { depends_on: numbers }),
      },
      t('board.createFailed'),
    );
    // The answer is quicker than the live feed: opened before it is on the board, the task would look as if it were missing.
    if (answer.ok) await taskArrival(mirror, answer.result.task_id);
    setSending(false);
    if (!answer.ok) return;
    toasts.getState().show({ tone: 'done', title: t('board.created', { id: String(answer.result.task_id) }) });
    onCreated(answer.result.task_id);
  };

  return (
    <DetailPane label={t('board.create')} title={t('board.create')} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <Field label={t('board.form.title')}>
          {(control) => (
            // The pane was opened to write here.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            <TextInput {...control} autoFocus required maxLength={LONGEST_TITLE} value={title} onChange={(event) => setTitle(event.target.value)} />
          )}
        </Field>
        <Field label={t('board.form.detail')}>
          {(control) => <TextArea {...control} maxLength={LONGEST_DETAIL} value={detail} onChange={(event) => setDetail(event.target.value)} />}
        </Field>
        <div className={css['pair']}>
          <Field label={t('board.form.assignee')}>
            {(control) => <Select {...control} value={assignee} onChoose={setAssignee} options={roles.map(({ name }) => ({ value: name, label: name }))} />}
          </Field>
          <Field label={t('board.form.priority')}>
            {(control) => (
              <Select {...control} value={priority} onChoose={setPriority} options={PRIORITIES.map((n) => ({ value: String(n), label: t(`task.priorities.${n}`) }))} />
            )}
          </Field>
        </div>
        <Field label={t('board.form.waitsFor')} hint={t('board.form.waitsForHint')} error={fault}>
          {(control) => <TextInput {...control} value={waitsFor} placeholder="#3, #5" onChange={(event) => setWaitsFor(event.target.value)} />}
        </Field>
        <FormButtons submit={t('board.form.create')} disabled={title.trim() === '' || fault !== null || sending} onCancel={onClose} />
      </form>
    </DetailPane>
  );
}
