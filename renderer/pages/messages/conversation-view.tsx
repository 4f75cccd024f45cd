import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Message } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { useFollowing } from '../../components/use-following.ts';
import { usePerson } from '../../components/use-person.ts';
import { useRoute } from '../../router.ts';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { conversationKey as keyOf, readConversationKey } from '../../state/conversations.ts';
import { useHistory, useLookBack } from '../../state/use-history.ts';
import { Composer } from './composer.tsx';
import { ConversationTitle } from './conversation-title.tsx';
import { MessageItem } from './message-item.tsx';
import { useMarkRead } from './use-mark-read.ts';
import css from './messages.module.css';

const PAGE = 100;

interface ConversationViewProps {
  readonly conversationKey: string;
  readonly onClose: () => void;
}

/** One conversation, oldest on top, with a place to answer. */
export function ConversationView({ conversationKey, onClose }: ConversationViewProps) {
  const { t } = useLanguage();
  const { filters } = useRoute();
  const person = usePerson();
  const history = useConversation(conversationKey);
  const messages = useMemo(() => history.items.toReversed(), [history.items]);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const scroller = useScroll(messages, filters['at'] === undefined ? null : Number(filters['at']), history);
  const observe = useMarkRead(scroller);
  useLookBack(history, messages.length);
  const named = readConversationKey(conversationKey);
  const roles = useMemo(() => [...new Set(messages.flatMap((message) => [message.from_role, message.to_role]))], [messages]);
  const title = named !== null && 'thread' in named ? { thread: named.thread, roles } : { thread: null, roles: named?.pair ?? roles };
  return (
    <DetailPane
      label={t('message.conversation')}
      onClose={onClose}
      title={<ConversationTitle {...title} />}
      scroller={scroller}
      footer={
        <Composer
          draftKey={conversationKey}
          to={answerTo(person, replyTo, messages, title.roles)}
          thread={title.thread}
          replyTo={replyTo}
          onReplyCleared={() => setReplyTo(null)}
        />
      }
    >
      {history.hasMore && (
        <div className={css['earlier']}>
          <Button size="small" kind="quiet" disabled={history.loading} onClick={history.loadMore}>
            {t('message.earlier')}
          </Button>
        </div>
      )}
      <ol className={css['messages']}>
        {messages.map((message) => (
          <MessageItem key={message.id} message={message} observe={observe} onReply={setReplyTo} marked={filters['at'] === String(message.id)} />
        ))}
      </ol>
    </DetailPane>
  );
}

/** Who an answer goes to: the author of what is answered, else whoever wrote last and is not the person. */
function answerTo(person: string, replyTo: Message | null, messages: readonly Message[], roles: readonly string[]): string | null {
  if (replyTo !== null && replyTo.from_role !== person) return replyTo.from_role;
  const last = messages.findLast((message) => message.from_role !== person) ?? messages.at(-1);
  if (last !== undefined && last.from_role !== person) return last.from_role;
  return last?.to_role ?? roles.find((role) => role !== person) ?? null;
}

function useConversation(key: string) {
  const { t } = useLanguage();
  const call = useCall();
  const live = useSnapshot((snapshot) => snapshot.messages);
  const matches = useCallback((message: Message) => keyOf(message) === key, [key]);
  const load = useCallback(
    async (beforeId: number | undefined) => {
      const named = readConversationKey(key);
      if (named === null) return { page: [], hasMore: false };
      const whose = 'thread' in named ? { thread_id: named.thread } : { role: named.pair[0] ?? '' };
      const answer = await call('messages.list', { ...whose, limit: PAGE, ...(beforeId !== undefined && { before_id: beforeId }) }, t('message.loadFailed'));
      return answer.ok ? { page: answer.result.messages, hasMore: answer.result.has_more } : null;
    },
    [key, call, t],
  );
  return useHistory(useMemo(() => ({ live, matches, load }), [live, matches, load]));
}

/** Like {@link useFollowing}, and goes to the message that was searched once it is there. */
function useScroll(messages: readonly Message[], at: number | null, history: { readonly hasMore: boolean; readonly failed: boolean; readonly loadMore: () => void }) {
  const { scroller } = useFollowing(messages[0]?.id ?? 0, messages);
  const found = useRef<number | null>(null);
  const drawn = messages.some((message) => message.id === at);
  const { hasMore, failed, loadMore } = history;
  useEffect(() => {
    if (at === null || found.current === at) return;
    if (drawn) {
      found.current = at;
      scroller.current?.querySelector(`[data-message="${at}"]`)?.scrollIntoView({ block: 'center' });
    } else if (hasMore && !failed) loadMore();
  }, [at, drawn, hasMore, failed, loadMore, scroller]);
  return scroller;
}
