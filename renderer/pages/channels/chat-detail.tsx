import { useState, type FormEvent } from 'react';
import type { ChatView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { pathTo } from '../../router.ts';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { servedBy } from './chat-table.tsx';
import css from './channels.module.css';

interface ChatDetailProps {
  readonly chat: ChatView;
  readonly onClose: () => void;
}

/** What is known of one chat, and whether an agent serves it. */
export function ChatDetail({ chat, onClose }: ChatDetailProps) {
  const { t } = useLanguage();
  return (
    <DetailPane label={chat.name} title={chat.name} onClose={onClose}>
      <Facts>
        <Fact label={t('channel.channel')}>{t(`channel.names.${chat.channel}`)}</Fact>
        <Fact label={t('channel.kind')}>{t(chat.isGroup === null ? 'channel.kindUnknown' : chat.isGroup ? 'channel.kindGroup' : 'channel.direct')}</Fact>
        <Fact label={t('channel.lastMessage')}>{chat.lastMessageAt === null ? t('time.never') : <RelativeTime time={chat.lastMessageAt} />}</Fact>
        <Fact label={t('channel.served')}>{chat.group === null ? t('channel.notServed') : servedBy(chat.group, t)}</Fact>
        <Fact label={t('channel.address')}>
          <Mono>{chat.jid}</Mono>
        </Fact>
      </Facts>
      {chat.group === null ? (
        <Section title={t('channel.register.title')}>
          <RegisterForm chat={chat} />
        </Section>
      ) : (
        <p className={css['about']}>
          <a href={pathTo('chat', chat.group.id)}>{t('channel.openChat')}</a>
        </p>
      )}
    </DetailPane>
  );
}

function RegisterForm({ chat }: { readonly chat: ChatView }) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [name, setName] = useState(chat.name === chat.jid ? '' : chat.name);
  const [trigger, setTrigger] = useState('');
  const [always, setAlways] = useState(chat.isGroup === false);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const answer = await call(
      'chat.register',
      { jid: chat.jid, ...(name.trim() !== '' && { name: name.trim() }), ...(trigger.trim() !== '' && { trigger: trigger.trim() }), requires_trigger: !always },
      t('channel.register.failed'),
    );
    setBusy(false);
    if (answer.ok) toasts.getState().show({ tone: 'done', title: t('channel.register.done', { name: answer.result.chat.name }) });
  };
  return (
    <form className={css['form']} onSubmit={(event) => void submit(event)}>
      <p>{t('channel.register.intro')}</p>
      <Field label={t('channel.register.name')}>{(control) => <TextInput {...control} required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />}</Field>
      <label className={css['check']}>
        <input type="checkbox" checked={always} onChange={(event) => setAlways(event.target.checked)} />
        {t('channel.register.always')}
      </label>
      {!always && (
        <Field label={t('channel.register.trigger')} hint={t('channel.register.triggerHint')}>
          {(control) => <TextInput {...control} maxLength={60} placeholder="@Andy" value={trigger} onChange={(event) => setTrigger(event.target.value)} />}
        </Field>
      )}
      <div>
        <Button kind="primary" type="submit" disabled={busy || name.trim() === ''}>
          {t('channel.register.action')}
        </Button>
      </div>
    </form>
  );
}
