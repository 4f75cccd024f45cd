import { useMemo, useState } from 'react';
import { MessageCircle, MessageCirclePlus } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { IndexDetail } from '../../components/index-detail.tsx';
import { Kbd } from '../../components/marks.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { showDetail, useRoute } from '../../router.ts';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { servedChats } from '../../state/chats.ts';
import { ChatList } from './chat-list.tsx';
import { ChatView } from './chat-view.tsx';
import { NewChat } from './new-chat.tsx';
import css from './chat.module.css';

const NEW = 'new';
const start = (): void => showDetail(NEW);

/** Talking with the agents, in whichever chat they are. */
export function ChatPage() {
  const { t } = useLanguage();
  const { open } = useRoute();
  const all = useSnapshot((snapshot) => snapshot.chats);
  const chats = useMemo(() => servedChats(all), [all]);
  const shown = chats.find(({ group }) => group.id === open);
  if (chats.length === 0 && open !== NEW) {
    return (
      <Page title={t('nav.chat')}>
        <FirstChat />
      </Page>
    );
  }
  return (
    <Page
      title={t('nav.chat')}
      action={
        <Button kind="primary" icon={MessageCirclePlus} data-page-action onClick={start} trailing={<Kbd>C</Kbd>}>
          {t('chat.new')}
        </Button>
      }
    >
      <IndexDetail
        className={css['page']}
        index={<ChatList chats={chats} openId={open} />}
        detail={open === NEW ? <NewChat onClose={closeDetail} /> : shown === undefined ? null : <ChatView key={shown.group.id} chat={shown} onClose={closeDetail} />}
        nothing={{ icon: MessageCircle, title: t('chat.pick') }}
      />
    </Page>
  );
}

/** The first run: one press makes a chat with an agent of its own, without any account. */
function FirstChat() {
  const { t } = useLanguage();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const begin = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('chat.create', { name: t('chat.first.name') }, t('chat.createFailed'));
    setBusy(false);
    if (answer.ok && answer.result.chat.group !== null) showDetail(answer.result.chat.group.id);
  };
  return (
    <div className={css['centre']}>
      <EmptyState
        icon={MessageCircle}
        title={t('chat.first.title')}
        text={t('chat.first.text')}
        action={
          <Button kind="primary" icon={MessageCirclePlus} disabled={busy} data-page-action onClick={() => void begin()}>
            {t('chat.first.action')}
          </Button>
        }
      />
    </div>
  );
}
