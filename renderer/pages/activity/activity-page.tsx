import { useCallback, useMemo, useState } from 'react';
import type { LogEvent } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { SearchBox, Select } from '../../components/field.tsx';
import { ListDetail } from '../../components/list-detail.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { useResting } from '../../components/use-resting.ts';
import { eventText } from '../../i18n/event-text.ts';
import { setFilters, showDetail, useRoute } from '../../router.ts';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { useHistory } from '../../state/use-history.ts';
import { EventDetail } from './event-detail.tsx';
import { Feed } from './feed.tsx';

/** Areas of the log; a kind that is not named here still shows under "everything". */
const KINDS = ['message', 'task', 'lock', 'agent', 'session', 'completion', 'notification', 'settings', 'system'] as const;
/** How many events one call fetches. */
const PAGE = 500;

const openEvent = (id: number): void => showDetail(String(id));
const clearFilters = (): void => setFilters({ kind: '', role: '', q: '' });

/** Everything that happened, newest first. */
export function ActivityPage() {
  const { t } = useLanguage();
  const route = useRoute();
  const { kind = '', role = '', q = '' } = route.filters;
  const roles = useSnapshot((snapshot) => snapshot.roles);
  const history = useFeed(kind, role, useResting(q));
  const filtered = kind !== '' || role !== '' || q !== '';

  const openId = route.open === null ? null : Number(route.open);
  const shown = useOpenEvent(history.items, openId);
  return (
    <Page
      title={t('nav.activity')}
      toolbar={
        <>
          <SearchBox value={q} label={t('activity.search')} onSearch={(value) => setFilters({ q: value })} />
          <Select
            aria-label={t('activity.kind')}
            value={kind}
            onChoose={(value) => setFilters({ kind: value })}
            options={[{ value: '', label: t('activity.allKinds') }, ...KINDS.map((name) => ({ value: name as string, label: t(`kind.${name}`) }))]}
          />
          <Select
            aria-label={t('common.role')}
            value={role}
            onChoose={(value) => setFilters({ role: value })}
            options={[{ value: '', label: t('common.allRoles') }, ...roles.map(({ name }) => ({ value: name, label: name }))]}
          />
          {filtered && (
            <Button kind="quiet" size="small" onClick={clearFilters}>
              {t('common.clearFilters')}
            </Button>
          )}
        </>
      }
    >
      <ListDetail
        list={
          <Feed
            key={`${kind} ${role} ${q}`}
            history={history}
            openId={openId}
            filtered={filtered}
            onOpen={openEvent}
            onClear={clearFilters}
          />
        }
        detail={shown && <EventDetail event={shown} onClose={closeDetail} />}
      />
    </Page>
  );
}

/** Comparing as the core does: without regard to case, and to how a syllable is composed. */
const fold = (text: string): string => text.normalize('NFC').toLowerCase();

function useFeed(kind: string, role: string, query: string) {
  const language = useLanguage();
  const { t, find, own } = language;
  const call = useCall();
  const live = useSnapshot((snapshot) => snapshot.events);
  const matches = useCallback(
    (event: LogEvent) => {
      if ((kind !== '' && event.kind !== kind) || (role !== '' && event.role !== role)) return false;
      const words = fold(query.trim());
      return words === '' || fold(event.text).includes(words) || fold(eventText({ find, own }, event)).includes(words);
    },
    [kind, role, query, find, own],
  );
  const load = useCallback(
    async (beforeId: number | undefined) => {
      const answer = await call(
        'log.list',
        {
          limit: PAGE,
          ...(beforeId !== undefined && { before_id: beforeId }),
          ...(kind !== '' && { kinds: [kind] }),
          ...(role !== '' && { role }),
          ...(query.trim() !== '' && { query: query.trim() }),
        },
        t('activity.loadFailed'),
      );
      return answer.ok ? { page: answer.result.events, hasMore: answer.result.has_more } : null;
    },
    [call, t, kind, role, query],
  );
  return useHistory(useMemo(() => ({ live, matches, load }), [live, matches, load]));
}

/** The open event stays open while the list around it changes. */
function useOpenEvent(items: readonly LogEvent[], openId: number | null): LogEvent | null {
  const [kept, keep] = useState<LogEvent | null>(null);
  if (openId === null) return null;
  if (kept?.id === openId) return kept;
  const found = items.find((event) => event.id === openId) ?? null;
  if (found !== null) keep(found);
  return found;
}
