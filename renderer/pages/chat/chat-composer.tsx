import { useEffect, useRef, useState } from 'react';
import { SendHorizontal } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { TextArea } from '../../components/field.tsx';
import { Kbd } from '../../components/marks.tsx';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import type { ServedChat } from '../../state/chats.ts';
import css from './chat.module.css';

/** Where the person writes to the agent of a chat. What is not sent yet waits, also when the chat is closed. */
export function ChatComposer({ chat }: { readonly chat: ServedChat }) {
  const { t } = useLanguage();
  const { drafts } = useServices();
  const call = useCall();
  const group = chat.group.id;
  const draft = `chat:${group}`;
  const [text, setText] = useState(() => drafts.get(draft) ?? '');
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const ready = text.trim() !== '' && !sending;
  useEffect(() => field.current?.focus(), []);
  const write = (value: string): void => {
    setText(value);
    drafts.set(draft, value);
  };
  const send = async (): Promise<void> => {
    if (!ready) return;
    setSending(true);
    // The same key twice is one message, so a press that is repeated after a lost answer says it once.
    const answer = await call('chat.send', { group, text: text.trim(), key: crypto.randomUUID() }, t('chat.sendFailed'));
    setSending(false);
    if (answer.ok) write('');
    field.current?.focus();
  };
  return (
    <form
      className={css['composer']}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {chat.channel !== 'console' && <p className={css['whisper']}>{t('chat.whisper', { channel: t(`channel.names.${chat.channel}`) })}</p>}
      <TextArea
        ref={field}
        rows={2}
        className={css['field']}
        aria-label={t('chat.write', { name: chat.name })}
        placeholder={t('chat.placeholder')}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <div className={css['row']}>
        <span className={css['keys']}>
          <Kbd>Shift ↵</Kbd> {t('chat.newLine')}
        </span>
        <Button kind="primary" type="submit" icon={SendHorizontal} disabled={!ready} trailing={<Kbd>↵</Kbd>}>
          {t('chat.send')}
        </Button>
      </div>
    </form>
  );
}
