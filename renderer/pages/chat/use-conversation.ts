import { useCallback, useEffect, useState } from 'react';
import type { ChatMessageView } from '../../../preload/contract.ts';
import { useCall, useLanguage } from '../../services.tsx';
import { mergeMessages, type ServedChat } from '../../state/chats.ts';

const PAGE = 50;

/** The messages of a chat, oldest first; read anew whenever something changed in it. */
export function useConversation(chat: ServedChat) {
  const { t } = useLanguage();
  const call = useCall();
  const group = chat.group.id;
  const [messages, setMessages] = useState<readonly ChatMessageView[]>([]);
  const [hasMore, setHasMore] = useState(false);
  const [loading, setLoading] = useState(true);

  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await call('chat.history', { group, limit: PAGE }, t('chat.loadFailed'));
      if (!wanted) return;
      setLoading(false);
      if (!answer.ok) return;
      setMessages((known) => mergeMessages(known, answer.result.messages));
      setHasMore((had) => had || answer.result.has_more);
    };
    void load();
    return () => {
      wanted = false;
    };
    // A change of the chat, as a new message or how far an answer got, is what makes the list old.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [call, t, group, chat]);

  const first = messages[0]?.id;
  const loadEarlier = useCallback(() => {
    const load = async (): Promise<void> => {
      if (first === undefined) return;
      setLoading(true);
      const answer = await call('chat.history', { group, limit: PAGE, before_id: first }, t('chat.loadFailed'));
      setLoading(false);
      if (!answer.ok) return;
      setMessages((known) => mergeMessages(known, answer.result.messages));
      setHasMore(answer.result.has_more);
    };
    void load();
  }, [call, t, group, first]);

  return { messages, hasMore, loading, loadEarlier };
}
