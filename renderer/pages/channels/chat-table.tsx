import { useCallback, useMemo } from 'react';
import { MessagesSquare } from 'lucide-react';
import type { ChatView } from '../../../preload/contract.ts';
import { ChannelIcon } from '../../components/channel-icon.tsx';
import { cx } from '../../components/cx.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { focusDetail } from '../../components/list-detail.tsx';
import { Tag } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRowKeys } from '../../components/use-list-keys.ts';
import { useLanguage } from '../../services.tsx';
import css from './channels.module.css';

const rowOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);

interface ChatTableProps {
  readonly chats: readonly ChatView[];
  readonly openJid: string | null;
  readonly onOpen: (jid: string) => void;
}

/** Every chat that was seen, served or not. */
export function ChatTable({ chats, openJid, onOpen }: ChatTableProps) {
  const { t } = useLanguage();
  const jids = useMemo(() => chats.map(({ jid }) => jid), [chats]);
  const move = useCallback(
    (jid: string) => {
      rowOf(jid)?.focus();
      if (openJid !== null) onOpen(jid);
    },
    [openJid, onOpen],
  );
  const open = useCallback(
    (jid: string) => {
      onOpen(jid);
      focusDetail();
    },
    [onOpen],
  );
  const keys = useRowKeys(jids, move, open);
  if (chats.length === 0) return <EmptyState icon={MessagesSquare} title={t('channel.noChats.title')} text={t('channel.noChats.text')} />;
  return (
    <table className={cx(css['table'], css['chats'])} aria-label={t('channel.chats')}>
      <thead>
        <tr>
          <th scope="col">{t('channel.chat')}</th>
          <th scope="col">{t('channel.served')}</th>
          <th scope="col">{t('channel.lastMessage')}</th>
        </tr>
      </thead>
      <tbody>
        {chats.map((chat) => (
          <tr key={chat.jid} className={cx(chat.jid === openJid && css['selected'])}>
            <th scope="row">
              <button type="button" className={css['open']} data-row={chat.jid} aria-expanded={chat.jid === openJid} onClick={() => open(chat.jid)} onKeyDown={keys}>
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
    </table>
  );
}

/** When the agent of a chat wakes. */
export function servedBy({ isMain, requiresTrigger, trigger }: NonNullable<ChatView['group']>, t: ReturnType<typeof useLanguage>['t']): string {
  if (isMain) return t('channel.servedMain');
  return requiresTrigger ? t('channel.servedTrigger', { trigger }) : t('channel.servedAlways');
}
