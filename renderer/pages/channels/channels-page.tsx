import { useMemo } from 'react';
import { ListDetail, ListScroll } from '../../components/list-detail.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { showDetail, useRoute } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { troubledChannels } from '../../state/chats.ts';
import { ChannelDetail } from './channel-detail.tsx';
import { ChannelTable } from './channel-table.tsx';
import { ChatDetail } from './chat-detail.tsx';
import { ChatTable } from './chat-table.tsx';
import css from './channels.module.css';

const CHAT = 'chat-';
const openChat = (jid: string): void => showDetail(CHAT + jid);

/** The networks in which agents are spoken to, and the chats in them. */
export function ChannelsPage() {
  const { t } = useLanguage();
  const { open } = useRoute();
  const channels = useSnapshot((snapshot) => snapshot.channels);
  const chats = useSnapshot((snapshot) => snapshot.chats);
  const trouble = troubledChannels(channels).length;
  const channel = channels.find(({ name }) => name === open);
  const chat = useMemo(() => (open?.startsWith(CHAT) ? chats.find(({ jid }) => jid === open.slice(CHAT.length)) : undefined), [chats, open]);
  return (
    <Page title={t('nav.channels')} meta={trouble > 0 && t('nav.channelTrouble', { count: trouble })}>
      <ListDetail
        list={
          <ListScroll>
            <ChannelTable channels={channels} openName={channel?.name ?? null} />
            <h2 className={css['heading']}>{t('channel.chats')}</h2>
            <ChatTable chats={chats} openJid={chat?.jid ?? null} onOpen={openChat} />
          </ListScroll>
        }
        detail={
          channel ? (
            <ChannelDetail key={channel.name} channel={channel} onClose={closeDetail} />
          ) : (
            chat && <ChatDetail key={chat.jid} chat={chat} onClose={closeDetail} />
          )
        }
      />
    </Page>
  );
}
