import { useMemo, useState, type FormEvent } from 'react';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import css from './agents.module.css';

interface NewGroupProps {
  readonly onClose: () => void;
  readonly onMade: (groupId: string) => void;
}

/** Chosen instead of a chat that was seen. */
const CONSOLE = '';

/** Lets an agent serve a chat that a channel has seen, or begins a chat of the console. */
export function NewGroup({ onClose, onMade }: NewGroupProps) {
  const { t } = useLanguage();
  const call = useCall();
  const chats = useSnapshot((snapshot) => snapshot.chats);
  const hasMain = useSnapshot((snapshot) => snapshot.groups.some(({ isMain }) => isMain));
  const free = useMemo(() => chats.filter(({ group }) => group === null), [chats]);
  const [jid, setJid] = useState(CONSOLE);
  const [name, setName] = useState('');
  const [main, setMain] = useState(false);
  const [sending, setSending] = useState(false);
  const chosen = free.find((chat) => chat.jid === jid);
  const called = name.trim() === '' ? (chosen?.name ?? '') : name.trim();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (called === '' || sending) return;
    setSending(true);
    const address = chosen?.jid ?? `console:${called.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')}`;
    const answer = await call('groups.create', { jid: address, name: called, ...(main && { main: true }), ...(chosen === undefined && { requires_trigger: false }) }, t('agents.registerFailed', { name: called }));
    setSending(false);
    if (answer.ok) onMade(answer.result.group.id);
  };
  return (
    <DetailPane label={t('agents.register')} title={t('agents.register')} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <Field label={t('agents.chat')} hint={t(chosen === undefined ? 'agents.consoleHint' : 'agents.chatHint')}>
          {(control) => (
            <Select
              {...control}
              value={jid}
              onChoose={setJid}
              options={[{ value: CONSOLE, label: t('agents.console') }, ...free.map((chat) => ({ value: chat.jid, label: `${chat.name} (${chat.channel})` }))]}
            />
          )}
        </Field>
        <Field label={t('agents.nameLabel')}>
          {(control) => (
            // The pane was opened to write here.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            <TextInput {...control} autoFocus maxLength={100} placeholder={chosen?.name} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        {!hasMain && (
          <label className={css['check']}>
            <input type="checkbox" checked={main} onChange={(event) => setMain(event.target.checked)} />
            <span>
              {t('agents.makeMain')}
              <span className={css['hint']}>{t('agents.mainHint')}</span>
            </span>
          </label>
        )}
        <FormButtons submit={t('agents.registerDo')} disabled={called === '' || sending} onCancel={onClose} />
      </form>
    </DetailPane>
  );
}
