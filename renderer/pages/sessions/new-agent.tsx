import { useState, type FormEvent } from 'react';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import css from './sessions.module.css';

interface NewAgentProps {
  readonly onClose: () => void;
  readonly onAdded: (agentId: string) => void;
}

const LONGEST_NAME = 60;

/** Adds an agent; what it needs next is a session, so the form for that follows. */
export function NewAgent({ onClose, onAdded }: NewAgentProps) {
  const { t } = useLanguage();
  const call = useCall();
  const roles = useSnapshot((snapshot) => snapshot.roles);
  const [name, setName] = useState('');
  const [role, setRole] = useState(roles[0]?.name ?? '');
  const [sending, setSending] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === '' || sending) return;
    setSending(true);
    const answer = await call('agents.add', { name: name.trim(), role }, t('session.addFailed'), ({ code }) =>
      code === 'INPUT_INVALID' ? t('session.nameRule') : code === 'AGENT_EXISTS' ? t('session.nameTaken', { name: name.trim() }) : null,
    );
    setSending(false);
    if (answer.ok) onAdded(answer.result.agent.id);
  };
  return (
    <DetailPane label={t('session.addAgent')} title={t('session.addAgent')} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <Field label={t('session.name')} hint={t('session.nameRule')}>
          {(control) => (
            // The pane was opened to write here.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            <TextInput {...control} autoFocus required maxLength={LONGEST_NAME} placeholder="fe-1" value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label={t('common.role')}>
          {(control) => <Select {...control} value={role} onChoose={setRole} options={roles.map((each) => ({ value: each.name, label: each.name }))} />}
        </Field>
        <FormButtons submit={t('session.add')} disabled={name.trim() === '' || sending} onCancel={onClose} />
      </form>
    </DetailPane>
  );
}
