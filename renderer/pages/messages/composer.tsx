import { useEffect, useId, useRef, useState } from 'react';
import { SendHorizontal, X } from 'lucide-react';
import type { Importance, Message } from '../../../preload/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Select, TextArea } from '../../components/field.tsx';
import { Kbd, Mono } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { useOtherRoles } from '../../components/use-person.ts';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { IMPORTANCES } from './importances.ts';
import css from './composer.module.css';

/** Sending while writing; the key differs by the keyboard in front of the person. */
const SEND_KEYS = /Mac/.test(navigator.userAgent) ? '⌘ ↵' : 'Ctrl ↵';

interface ComposerProps {
  /** Under this name what was typed waits until it is sent, also when the pane is closed. */
  readonly draftKey: string;
  /** Whom it is addressed to at first. */
  readonly to: string | null;
  /** The address is chosen elsewhere. */
  readonly addressed?: boolean;
  readonly thread: string | null;
  readonly replyTo: Message | null;
  readonly onReplyCleared: () => void;
  readonly onSent?: () => void;
  /** Takes the focus at once. */
  readonly startHere?: boolean;
}

export function Composer({ draftKey, to, addressed = false, thread, replyTo, onReplyCleared, onSent, startHere = false }: ComposerProps) {
  const { t } = useLanguage();
  const { drafts } = useServices();
  const call = useCall();
  const roles = useOtherRoles();
  const [chosen, setChosen] = useState<string | null>(null);
  const [body, setBody] = useState(() => drafts.get(draftKey) ?? '');
  const [importance, setImportance] = useState<Importance>('normal');
  const [ackRequired, setAckRequired] = useState(false);
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const ackId = useId();
  const receiver = chosen ?? to ?? roles[0] ?? '';
  const ready = body.trim() !== '' && receiver !== '' && !sending;

  useEffect(() => {
    if (startHere || replyTo !== null) field.current?.focus();
  }, [startHere, replyTo]);
  const write = (text: string): void => {
    setBody(text);
    drafts.set(draftKey, text);
  };

  const send = async (): Promise<void> => {
    if (!ready) return;
    setSending(true);
    const answer = await call(
      'messages.post',
      {
        to_role: receiver,
        body: body.trim(),
        ...(thread !== null && thread !== '' && { thread_id: thread }),
        ...(replyTo !== null && { reply_to: replyTo.id }),
        ...(importance !== 'normal' && { importance }),
        ...(ackRequired && { ack_required: true }),
      },
      t('message.sendFailed'),
    );
    setSending(false);
    if (!answer.ok) return;
    write('');
    setImportance('normal');
    setAckRequired(false);
    onReplyCleared();
    onSent?.();
  };

  return (
    <form
      className={css['composer']}
      aria-label={t('message.compose')}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {replyTo !== null && (
        <div className={css['quote']}>
          <span>
            {t('message.answers')} <Mono>#{replyTo.id}</Mono> <RoleChip role={replyTo.from_role} form="badge" /> {replyTo.body}
          </span>
          <IconButton icon={X} label={t('message.clearReply')} onClick={onReplyCleared} />
        </div>
      )}
      <TextArea
        ref={field}
        className={css['body']}
        rows={2}
        aria-label={t('message.body')}
        placeholder={t('message.placeholder')}
        value={body}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <div className={css['row']}>
        {!addressed && (
          <Select
            aria-label={t('message.to')}
            value={receiver}
            onChoose={setChosen}
            options={roles.map((role) => ({ value: role, label: t('message.toRole', { role }) }))}
          />
        )}
        <Select
          aria-label={t('message.importanceLabel')}
          value={importance}
          onChoose={setImportance}
          options={IMPORTANCES.map((value) => ({ value, label: t(`message.importance.${value}`) }))}
        />
        <label className={css['ack']} htmlFor={ackId}>
          <input id={ackId} type="checkbox" checked={ackRequired} onChange={(event) => setAckRequired(event.target.checked)} />
          {t('message.askAck')}
        </label>
        <Button kind="primary" type="submit" icon={SendHorizontal} disabled={!ready} className={css['send']} trailing={<Kbd>{SEND_KEYS}</Kbd>}>
          {t('message.send')}
        </Button>
      </div>
    </form>
  );
}
