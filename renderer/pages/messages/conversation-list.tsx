import { useCallback, useId, useMemo, useState, type MouseEvent } from 'react';
import { BellRing } from 'lucide-react';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { CountBadge } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useListKeys } from '../../components/use-list-keys.ts';
import { showDetail } from '../../router.ts';
import { useLanguage } from '../../services.tsx';
import type { Conversation } from '../../state/conversations.ts';
import { ConversationTitle } from './conversation-title.tsx';
import css from './messages.module.css';

interface ConversationListProps {
  readonly conversations: readonly Conversation[];
  readonly openKey: string | null;
}

export function ConversationList({ conversations, openKey }: ConversationListProps) {
  const { t } = useLanguage();
  const [active, setActive] = useState<string | null>(openKey);
  const listId = useId();
  const keys = useMemo(() => conversations.map(({ key }) => key), [conversations]);
  const optionId = (key: string): string => `${listId}${keys.indexOf(key)}`;
  const move = useCallback(
    (key: string) => {
      setActive(key);
      if (openKey !== null) showDetail(key);
      document.getElementById(`${listId}${keys.indexOf(key)}`)?.scrollIntoView({ block: 'nearest' });
    },
    [openKey, keys, listId],
  );
  const open = useCallback((key: string) => {
    showDetail(key);
    focusDetail();
  }, []);
  const pick = (event: MouseEvent): void => {
    const key = (event.target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset['key'];
    if (key === undefined) return;
    setActive(key);
    showDetail(key);
  };
  const onKeyDown = useListKeys({ ids: keys, active, onMove: move, onOpen: open });
  if (conversations.length === 0) return <p className={css['none']}>{t('message.noMatch')}</p>;
  return (
    <div
      className={css['list']}
      role="listbox"
      aria-label={t('message.conversations')}
      aria-activedescendant={active === null ? undefined : optionId(active)}
      tabIndex={0}
      data-list
      onKeyDown={onKeyDown}
      onClick={pick}
      onFocus={() => active === null && keys[0] !== undefined && setActive(keys[0])}
    >
      {conversations.map((conversation) => {
        const { key, last, unread, waiting } = conversation;
        return (
          <div
            key={key}
            id={optionId(key)}
            role="option"
            aria-selected={key === openKey}
            data-active={key === active || undefined}
            className={cx(css['conversation'], unread > 0 && css['unread'])}
            data-key={key}
          >
            <div className={css['line']}>
              <ConversationTitle {...conversation} />
              <span className={css['when']}>
                <RelativeTime time={last.ts} />
              </span>
            </div>
            <div className={css['line']}>
              <span className={css['preview']}>
                {last.from_role}: {last.body}
              </span>
              {waiting > unread && <BellRing size={14} role="img" aria-label={t('message.ackWanted')} className={css['bell']} />}
              <CountBadge count={unread} label={t('nav.unread', { count: unread })} strong />
            </div>
          </div>
        );
      })}
    </div>
  );
}
