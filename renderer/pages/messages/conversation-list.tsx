import { useCallback, useId, useMemo, useState, type MouseEvent } from 'react';
import { BellRing } from 'lucide-react';
import type { Message } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { CountBadge } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useListKeys } from '../../components/use-list-keys.ts';
import { usePerson } from '../../components/use-person.ts';
import { showDetail } from '../../router.ts';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { conversationsOf } from '../../state/conversations.ts';
import { useHistory, useLookBack } from '../../state/use-history.ts';
import { ConversationTitle } from './conversation-title.tsx';
import css from './messages.module.css';

/** How many messages one step back looks through. */
const PAGE = 200;

interface ConversationListProps {
  /** Only conversations in which this role takes part; empty for all. */
  readonly role: string;
  readonly openKey: string | null;
}

export function ConversationList({ role, openKey }: ConversationListProps) {
  const { t } = useLanguage();
  const history = useMessages(role);
  const person = usePerson();
  useLookBack(history, history.items.length);
  const conversations = useMemo(() => conversationsOf(history.items.toReversed(), person), [history.items, person]);
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
  const onKeyDown = useListKeys({ ids: () => keys, active, onMove: move, onOpen: open });
  return (
    <>
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
      <div className={css['more']}>
        {history.hasMore ? (
          <Button size="small" kind="quiet" disabled={history.loading} onClick={history.loadMore}>
            {t('message.olderConversations')}
          </Button>
        ) : (
          conversations.length === 0 && <p className={css['none']}>{t('message.noMatch')}</p>
        )}
      </div>
    </>
  );
}

/** The messages to and from a role, newest first. */
function useMessages(role: string) {
  const { t } = useLanguage();
  const call = useCall();
  const live = useSnapshot((snapshot) => snapshot.messages);
  const matches = useCallback((message: Message) => role === '' || message.from_role === role || message.to_role === role, [role]);
  const load = useCallback(
    async (beforeId: number | undefined) => {
      const args = { limit: PAGE, ...(role !== '' && { role }), ...(beforeId !== undefined && { before_id: beforeId }) };
      const answer = await call('messages.list', args, t('message.loadFailed'));
      return answer.ok ? { page: answer.result.messages, hasMore: answer.result.has_more } : null;
    },
    [role, call, t],
  );
  return useHistory(useMemo(() => ({ live, matches, load }), [live, matches, load]));
}
