import { useCallback, useEffect, useState } from 'react';
import type { Message } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { RoleChip } from '../../components/role-chip.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { pathTo } from '../../router.ts';
import { useCall, useLanguage } from '../../services.tsx';
import { conversationKey } from '../../state/conversations.ts';
import css from './messages.module.css';

const PAGE = 50;

interface Found {
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
}

interface SearchResultsProps {
  readonly query: string;
  readonly role: string;
  readonly openKey: string | null;
}

/** Every message that holds the words, newest first; the core searches, so old ones are found too. */
export function SearchResults({ query, role, openKey }: SearchResultsProps) {
  const { t } = useLanguage();
  const { found, searchMore } = useSearch(query, role);
  if (found === null) return <p className={css['none']}>{t('message.searching')}</p>;
  if (found.messages.length === 0) return <p className={css['none']}>{t('message.noMatch')}</p>;
  return (
    <ul className={css['list']} aria-label={t('message.results')}>
      {found.messages.map((message) => {
        const key = conversationKey(message);
        return (
          <li key={message.id}>
            <a
              className={cx(css['conversation'], key === openKey && css['selected'])}
              href={pathTo('messages', key, { q: query, role, at: String(message.id) })}
            >
              <span className={css['line']}>
                <span className={css['pair']}>
                  <RoleChip role={message.from_role} />
                  <RoleChip role={message.to_role} />
                </span>
                <span className={css['when']}>
                  <RelativeTime time={message.ts} />
                </span>
              </span>
              <span className={css['snippet']}>{message.body}</span>
            </a>
          </li>
        );
      })}
      {found.hasMore && (
        <li className={css['more']}>
          <Button size="small" onClick={searchMore}>
            {t('message.moreResults')}
          </Button>
        </li>
      )}
    </ul>
  );
}

function useSearch(query: string, role: string) {
  const { t } = useLanguage();
  const call = useCall();
  const [found, setFound] = useState<Found | null>(null);
  const search = useCallback(
    async (beforeId: number | undefined): Promise<Found> => {
      const args = { query, limit: PAGE, ...(role !== '' && { role }), ...(beforeId !== undefined && { before_id: beforeId }) };
      const answer = await call('messages.list', args, t('message.searchFailed'));
      return answer.ok ? { messages: answer.result.messages, hasMore: answer.result.has_more } : { messages: [], hasMore: false };
    },
    [query, role, call, t],
  );
  useEffect(() => {
    let wanted = true;
    const start = async (): Promise<void> => {
      const page = await search(undefined);
      if (wanted) setFound(page);
    };
    void start();
    return () => {
      wanted = false;
    };
  }, [search]);
  const addMore = async (): Promise<void> => {
    const page = await search(found?.messages.at(-1)?.id);
    setFound((before) => ({ ...page, messages: [...(before?.messages ?? []), ...page.messages] }));
  };
  return { found, searchMore: () => void addMore() };
}
