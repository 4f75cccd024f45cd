import { useState } from 'react';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { useOtherRoles, usePerson } from '../../components/use-person.ts';
import { showDetail } from '../../router.ts';
import { useLanguage, useServices } from '../../services.tsx';
import { conversationKey } from '../../state/conversations.ts';
import { Composer } from './composer.tsx';
import css from './messages.module.css';

/** A message that begins something: who it goes to, and the thread it opens if any. */
export function NewMessage({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const person = usePerson();
  const roles = useOtherRoles();
  const [to, setTo] = useState(roles[0] ?? '');
  const [thread, setThread] = useState('');
  return (
    <DetailPane label={t('message.compose')} title={t('message.compose')} onClose={onClose}>
      <div className={css['address']}>
        <Field label={t('message.receiver')}>
          {(control) => <Select {...control} value={to} onChoose={setTo} options={roles.map((role) => ({ value: role, label: role }))} />}
        </Field>
        <Field label={t('message.threadLabel')} hint={t('message.threadHint')}>
          {(control) => <TextInput {...control} maxLength={200} value={thread} onChange={(event) => setThread(event.target.value)} />}
        </Field>
      </div>
      <Composer
        draftKey="new"
        to={to}
        addressed
        thread={thread.trim()}
        replyTo={null}
        onReplyCleared={() => undefined}
        startHere
        onSent={() => {
          toasts.getState().show({ tone: 'done', title: t('message.sent') });
          showDetail(conversationKey({ thread_id: thread.trim(), from_role: person, to_role: to }));
        }}
      />
    </DetailPane>
  );
}
