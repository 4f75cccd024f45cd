import { useCallback, useId, useMemo } from 'react';
import { focusDetail } from '../../components/list-detail.tsx';
import { ChannelIcon } from '../../components/channel-icon.tsx';
import { BriefTime } from '../../components/time.tsx';
import { useListKeys } from '../../components/use-list-keys.ts';
import { cx } from '../../components/cx.ts';
import { pathTo, showDetail } from '../../router.ts';
import { useLanguage } from '../../services.tsx';
import type { ServedChat } from '../../state/chats.ts';
import css from './chat.module.css';

interface ChatListProps {
  readonly chats: readonly ServedChat[];
  readonly openId: string | null;
}

/** The chats that agents serve, the latest first. */
export function ChatList({ chats, openId }: ChatListProps) {
  const { t } = useLanguage();
  const prefix = useId();
  const ids = useMemo(() => chats.map(({ group }) => group.id), [chats]);
  const move = useCallback((id: string) => showDetail(id), []);
  const open = useCallback((id: string) => {
    showDetail(id);
    focusDetail();
  }, []);
  const keys = useListKeys({ ids: () => ids, active: openId, onMove: move, onOpen: open });
  return (
    <div
      className={css['list']}
      role="listbox"
      tabIndex={0}
      aria-label={t('chat.list')}
      aria-activedescendant={openId !== null && ids.includes(openId) ? `${prefix}${openId}` : undefined}
      onKeyDown={keys}
    >
      {chats.map((chat) => (
        <a
          key={chat.group.id}
          id={`${prefix}${chat.group.id}`}
          role="option"
          aria-selected={chat.group.id === openId}
          tabIndex={-1}
          className={cx(css['chat'], chat.group.id === openId && css['selected'])}
          href={pathTo('chat', chat.group.id)}
        >
          <span className={css['line']}>
            <ChannelIcon channel={chat.channel} />
            <strong>{chat.name}</strong>
            {chat.lastMessageAt !== null && (
              <span className={css['when']}>
                <BriefTime time={chat.lastMessageAt} />
              </span>
            )}
          </span>
          <span className={css['preview']}>
            {chat.group.working ? (
              <em className={css['working']}>{t('chat.working')}</em>
            ) : chat.group.last === null ? (
              t('chat.nothingYet')
            ) : (
              `${chat.group.last.sender}: ${chat.group.last.text}`
            )}
          </span>
        </a>
      ))}
    </div>
  );
}
