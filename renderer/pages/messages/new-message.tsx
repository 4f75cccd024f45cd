import { useState } from 'react';
import { Field, TextInput } from '../../components/field.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { showDetail } from '../../router.ts';
import { useLanguage, useServices } from '../../services.tsx';
import { conversationKey } from '../../state/conversations.ts';
import { PERSON_ROLE } from '../../state/person.ts';
import { Composer } from './composer.tsx';

/** A message that begins something: who it goes to, and the thread it opens if any. */
export function NewMessage({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const [thread, setThread] = useState('');
  return (
    <DetailPane label={t('message.compose')} title={t('message.compose')} onClose={onClose}>
      <Field label={t('message.threadLabel')} hint={t('message.threadHint')}>
        {(control) => <TextInput {...control} maxLength={200} value={thread} onChange={(event) => setThread(event.target.value)} />}
      </Field>
      <div style={{ height: 16 }} />
      <Composer
        draftKey="new"
        to={null}
        thread={thread.trim()}
        replyTo={null}
        onReplyCleared={() => undefined}
        startHere
        onSent={(_id, to) => {
          toasts.getState().show({ tone: 'done', title: t('message.sent') });
          showDetail(conversationKey({ thread_id: thread.trim(), from_role: PERSON_ROLE, to_role: to }));
        }}
      />
    </DetailPane>
  );
}
