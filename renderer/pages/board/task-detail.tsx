import { useState, type FormEvent } from 'react';
import { ChevronDown, Hand, Pencil, UserRoundPen } from 'lucide-react';
import type { Task } from '../../../preload/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { Field, Select, TextArea, TextInput } from '../../components/field.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { Mono, TaskStatusMark } from '../../components/marks.tsx';
import { Menu } from '../../components/menu.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { usePerson } from '../../components/use-person.ts';
import { pathTo } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { taskById } from '../../state/board.ts';
import { isClaimable, moveItems } from './move-items.tsx';
import { PRIORITIES } from './priorities.ts';
import { ReassignDialog } from './reassign-dialog.tsx';
import { TaskHistory } from './task-history.tsx';
import { useTaskActions } from './use-task-actions.ts';
import css from './task-detail.module.css';
import form from './task-form.module.css';

interface TaskDetailProps {
  readonly task: Task;
  readonly onClose: () => void;
}

export function TaskDetail({ task, onClose }: TaskDetailProps) {
  const { t } = useLanguage();
  const actions = useTaskActions();
  const person = usePerson();
  const [editing, setEditing] = useState(false);
  const [reassigning, setReassigning] = useState(false);
  return (
    <DetailPane
      label={t('task.label', { id: String(task.id) })}
      onClose={onClose}
      title={<Mono>#{task.id}</Mono>}
      tools={!editing && <IconButton icon={Pencil} label={t('common.edit')} onClick={() => setEditing(true)} />}
    >
      {editing ? (
        <EditForm task={task} onDone={() => setEditing(false)} />
      ) : (
        <>
          <h2 className={css['title']}>{task.title}</h2>
          <div className={css['actions']}>
            <Menu align="start" groups={moveItems(task, person, actions, t)}>
              {(trigger) => (
                <Button {...trigger} size="small" trailing={<ChevronDown size={14} aria-hidden />}>
                  <TaskStatusMark status={task.status} named />
                </Button>
              )}
            </Menu>
            {isClaimable(task, person) && (
              <Button size="small" icon={Hand} onClick={() => void actions.claim(task)}>
                {t('task.claim')}
              </Button>
            )}
            <Button size="small" icon={UserRoundPen} onClick={() => setReassigning(true)}>
              {t('task.reassign')}
            </Button>
          </div>
          {task.detail !== '' && <p className={css['text']}>{task.detail}</p>}
          <TaskFacts task={task} />
          <Note key={task.version} task={task} />
          <TaskHistory taskId={task.id} />
        </>
      )}
      {reassigning && <ReassignDialog task={task} onClose={() => setReassigning(false)} />}
    </DetailPane>
  );
}

function TaskFacts({ task }: { readonly task: Task }) {
  const { t } = useLanguage();
  const actions = useTaskActions();
  return (
    <Facts>
      <Fact label={t('task.assignee')}>
        <RoleChip role={task.assignee_role} />
      </Fact>
      <Fact label={t('task.holder')}>
        {task.held_by === null ? (
          <span className={css['faint']}>{t('task.noHolder')}</span>
        ) : (
          <span className={css['inline']}>
            <RoleChip role={task.held_by} />
            {task.claimed_at && <RelativeTime time={task.claimed_at} />}
          </span>
        )}
      </Fact>
      <Fact label={t('board.form.priority')}>
        <Select
          aria-label={t('board.form.priority')}
          className={css['priority']}
          value={String(task.priority)}
          onChoose={(value) => void actions.edit(task, { priority: Number(value) })}
          options={PRIORITIES.map((n) => ({ value: String(n), label: t(`task.priorities.${n}`) }))}
        />
      </Fact>
      {task.depends_on.length > 0 && (
        <Fact label={t('task.dependencies')}>
          <Dependencies ids={task.depends_on} />
        </Fact>
      )}
      {task.released_reason !== null && <Fact label={t('task.released')}>{task.released_reason}</Fact>}
      <Fact label={t('task.created')}>
        <span className={css['inline']}>
          <RoleChip role={task.created_by} />
          <RelativeTime time={task.ts} />
        </span>
      </Fact>
      <Fact label={t('task.updated')}>
        <RelativeTime time={task.updated_at} />
      </Fact>
      <Fact label={t('task.version')}>
        <Mono>{task.version}</Mono>
      </Fact>
    </Facts>
  );
}

function Dependencies({ ids }: { readonly ids: readonly number[] }) {
  const tasks = useSnapshot((snapshot) => snapshot.tasks);
  return (
    <ul>
      {ids.map((id) => {
        const other = taskById(tasks, id);
        return (
          <li key={id}>
            <a className={css['dependency']} href={pathTo('board', String(id))}>
              {other && <TaskStatusMark status={other.status} />}
              <Mono>#{id}</Mono>
              <span>{other?.title}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

/** What the workers say about the task; the person may write here too. */
function Note({ task }: { readonly task: Task }) {
  const { t } = useLanguage();
  const actions = useTaskActions();
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? task.note;
  return (
    <Section title={t('task.note')}>
      <TextArea
        aria-label={t('task.note')}
        className={css['note']}
        rows={2}
        maxLength={5_000}
        value={text}
        placeholder={t('task.notePlaceholder')}
        onChange={(event) => setDraft(event.target.value)}
      />
      {draft !== null && draft !== task.note && (
        <div className={css['noteButtons']}>
          <Button
            size="small"
            kind="primary"
            disabled={draft.trim() === ''}
            onClick={() => void actions.edit(task, { note: draft.trim() }).then((agreed) => agreed && setDraft(null))}
          >
            {t('common.save')}
          </Button>
          <Button size="small" kind="quiet" onClick={() => setDraft(null)}>
            {t('common.cancel')}
          </Button>
        </div>
      )}
    </Section>
  );
}

function EditForm({ task, onDone }: { readonly task: Task; readonly onDone: () => void }) {
  const { t } = useLanguage();
  const actions = useTaskActions();
  const [title, setTitle] = useState(task.title);
  const [detail, setDetail] = useState(task.detail);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (title.trim() === '') return;
    if (await actions.edit(task, { title: title.trim(), detail: detail.trim() })) onDone();
  };
  return (
    <form className={form['form']} onSubmit={(event) => void submit(event)}>
      <Field label={t('board.form.title')}>
        {(control) => <TextInput {...control} required maxLength={300} value={title} onChange={(event) => setTitle(event.target.value)} />}
      </Field>
      <Field label={t('board.form.detail')}>
        {(control) => <TextArea {...control} rows={8} maxLength={20_000} value={detail} onChange={(event) => setDetail(event.target.value)} />}
      </Field>
      <FormButtons submit={t('common.save')} disabled={title.trim() === ''} onCancel={onDone} />
    </form>
  );
}
