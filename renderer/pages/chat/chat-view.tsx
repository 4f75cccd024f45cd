import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { ChannelIcon } from '../../components/channel-icon.tsx';
import { Button } from '../../components/button.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { useLanguage } from '../../services.tsx';
import type { ServedChat } from '../../state/chats.ts';
import { ChatComposer } from './chat-composer.tsx';
import { ChatMessage } from './chat-message.tsx';
import { ChatWork } from './chat-work.tsx';
import { useConversation } from './use-conversation.ts';
import css from './chat.module.css';

/** Nearer to the end than this, new messages are followed. */
const NEAR_PX = 120;

interface ChatViewProps {
  readonly chat: ServedChat;
  readonly onClose: () => void;
}

/** One chat, oldest on top, with a place to write to its agent. */
export function ChatView({ chat, onClose }: ChatViewProps) {
  const { t } = useLanguage();
  const { messages, hasMore, loading, loadEarlier } = useConversation(chat);
  const { working } = chat.group;
  const { scroller, follow } = useFollowing(messages[0]?.id ?? 0, `${messages.at(-1)?.id ?? 0} ${working}`);
  return (
    <DetailPane
      label={t('chat.conversation', { name: chat.name })}
      onClose={onClose}
      scroller={scroller}
      title={
        <span className={css['title']}>
          <ChannelIcon channel={chat.channel} />
          <span>{chat.name}</span>
        </span>
      }
      footer={<ChatComposer chat={chat} />}
    >
      {hasMore && (
        <div className={css['earlier']}>
          <Button size="small" kind="quiet" disabled={loading} onClick={loadEarlier}>
            {t('message.earlier')}
          </Button>
        </div>
      )}
      {messages.length === 0 && !loading && <p className={css['hint']}>{t(chat.channel === 'console' ? 'chat.sayHello' : 'chat.nothingYet')}</p>}
      <ol className={css['messages']} aria-live="polite">
        {messages.map((message) => (
          <ChatMessage key={message.id} message={message} />
        ))}
      </ol>
      {working && <ChatWork group={chat.group.id} onResize={follow} />}
    </DetailPane>
  );
}

/**
 * Starts at the newest message, follows new ones while the end is on the screen, and keeps the place when earlier ones come
 * on top. `end` changes with what stands there; `follow` is for what grows by itself.
 */
function useFollowing(firstId: number, end: string) {
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef({ firstId: 0, end: '', height: 0, atEnd: true });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const note = (): void => {
      before.current.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    };
    element.addEventListener('scroll', note);
    return () => element.removeEventListener('scroll', note);
  }, []);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (before.current.firstId > firstId && firstId > 0) element.scrollTop += element.scrollHeight - before.current.height;
    else if (before.current.atEnd) element.scrollTop = element.scrollHeight;
    before.current = { ...before.current, firstId, end, height: element.scrollHeight };
  }, [firstId, end]);
  const follow = useCallback(() => {
    const element = scroller.current;
    if (element !== null && before.current.atEnd) element.scrollTop = element.scrollHeight;
  }, []);
  return { scroller, follow };
}
