import { ChannelIcon } from '../../components/channel-icon.tsx';
import { Button } from '../../components/button.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { useFollowing } from '../../components/use-following.ts';
import { useLanguage } from '../../services.tsx';
import type { ServedChat } from '../../state/chats.ts';
import { ChatComposer } from './chat-composer.tsx';
import { ChatMessage } from './chat-message.tsx';
import { ChatWork } from './chat-work.tsx';
import { useConversation } from './use-conversation.ts';
import css from './chat.module.css';

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
