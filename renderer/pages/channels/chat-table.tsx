import { useMemo } from 'react';
import { MessagesSquare } from 'lucide-react';
import type { ChatView } from '../../../preload/contract.ts';
import { ChannelIcon } from '../../components/channel-icon.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Tag } from '../../components/marks.tsx';
import { Table } from '../../components/table.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRows } from '../../components/use-rows.ts';
import { useLanguage } from '../../services.tsx';
import css from './channels.module.css';

interface ChatTableProps {
  readonly chats: readonly ChatView[];
  readonly openJid: string | null;
  readonly onOpen: (jid: string) => void;
}

/** Every chat that was seen, served or not. */
export function ChatTable({ chats, openJid, onOpen }: ChatTableProps) {
  const { t } = useLanguage();
  const jids = useMemo(() => chats.map(({ jid }) => jid), [chats]);
  const rows = useRows(jids, openJid, onOpen);
  if (chats.length === 0) return <EmptyState icon={MessagesSquare} title={t('channel.noChats.title')} text={t('channel.noChats.text')} />;
  return (
    <Table className={css['chats']} label={t('channel.chats')} columns={[t('channel.chat'), t('channel.served'), t('channel.lastMessage')]}>
      <tbody>
        {chats.map((chat) => (
          <tr key={chat.jid} {...rows.row(chat.jid)}>
            <th scope="row">
              <button {...rows.opener(chat.jid)} className={css['open']}>
                <ChannelIcon channel={chat.channel} />
                <span className={css['name']}>{chat.name}</span>
                {chat.isGroup === false && <Tag>{t('channel.direct')}</Tag>}
              </button>
            </th>
            <td>{chat.group === null ? <span className={css['faint']}>{t('channel.notServed')}</span> : servedBy(chat.group, t)}</td>
            <td>{chat.lastMessageAt === null ? <span className={css['faint']}>{t('time.never')}</span> : <RelativeTime time={chat.lastMessageAt} />}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** When the agent of a chat wakes. */
export function servedBy({ isMain, requiresTrigger, trigger }: NonNullable<ChatView['group']>, t: ReturnType<typeof useLanguage>['t']): string {
  if (isMain) return t('channel.servedMain');
  return requiresTrigger ? t('channel.servedTrigger', { trigger }) : t('channel.servedAlways');
}
