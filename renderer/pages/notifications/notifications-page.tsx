import { useCallback, useMemo, useState } from 'react';
import { Bell, CheckCheck, SlidersHorizontal } from 'lucide-react';
import type { NoticeView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Select } from '../../components/field.tsx';
import { ListDetail, ListScroll } from '../../components/list-detail.tsx';
import { Page } from '../../components/page.tsx';
import { closeDetail } from '../../components/shortcuts.tsx';
import { setFilters, showDetail, useRoute } from '../../router.ts';
import { useCall, useLanguage, useSnapshot } from '../../services.tsx';
import { matchesNotice, NOTICE_FILTERS, NOTICE_TYPES, readNoticeFilter, type NoticeFilter } from '../../state/notices.ts';
import { useHistory, useLookBack } from '../../state/use-history.ts';
import { CHANNELS, ChannelsPane } from './channels-pane.tsx';
import { NoticeDetail } from './notice-detail.tsx';
import { NoticeTable } from './notice-table.tsx';
import css from './notifications.module.css';

const PAGE = 100;
const clearFilters = (): void => setFilters({ state: '', type: '' });
const showChannels = (): void => showDetail(CHANNELS);

/** What people were told, of what they were not, and why. */
export function NotificationsPage() {
  const { t } = useLanguage();
  const { open, filters } = useRoute();
  const filter = readNoticeFilter(filters['state']);
  const type = NOTICE_TYPES.find((name) => name === filters['type']) ?? '';
  const { latest, missed, channels } = useSnapshot((snapshot) => snapshot.notices);
  const history = useNotices(filter, type);
  useLookBack(history, history.items.length);
  const shown = useOpenNotice([...latest, ...history.items], open);
  const usable = channels.some(({ state }) => state === 'ready' || state === 'failing');
  return (
    <Page
      title={t('nav.notifications')}
      meta={missed > 0 && t('notice.missedCount', { count: missed })}
      toolbar={
        <>
          <Select
            aria-label={t('notice.show')}
            value={filter}
            onChoose={(value) => setFilters({ state: value === 'all' ? '' : value })}
            options={NOTICE_FILTERS.map((value) => ({ value, label: t(`notice.shown.${value}`) }))}
          />
          <Select
            aria-label={t('notice.type')}
            value={type}
            onChoose={(value) => setFilters({ type: value })}
            options={[{ value: '', label: t('notice.allTypes') }, ...NOTICE_TYPES.map((value) => ({ value, label: t(`notice.types.${value}`) }))]}
          />
          {missed > 0 && <MarkSeen upTo={latest[0]?.id ?? 0} />}
        </>
      }
      action={
        <Button icon={SlidersHorizontal} aria-expanded={open === CHANNELS} onClick={showChannels}>
          {t('notice.settings.open')}
        </Button>
      }
    >
      <ListDetail
        list={
          <ListScroll>
            {!usable && (
              <p className={css['trouble']} role="status">
                {t('notice.noChannel')}
                <Button size="small" onClick={showChannels}>
                  {t('notice.noChannelShow')}
                </Button>
              </p>
            )}
            {history.items.length > 0 ? (
              <NoticeTable notices={history.items} openId={open} />
            ) : history.loading || history.hasMore ? null : filter === 'all' && type === '' ? (
              <EmptyState icon={Bell} title={t('notice.empty.title')} text={t('notice.empty.text')} action={<Button onClick={showChannels}>{t('notice.empty.action')}</Button>} />
            ) : (
              <EmptyState icon={Bell} title={t('notice.noMatch')} action={<Button onClick={clearFilters}>{t('common.clearFilters')}</Button>} />
            )}
            {history.hasMore && !history.loading && history.items.length > 0 && (
              <div className={css['more']}>
                <Button onClick={history.loadMore}>{t('notice.earlier')}</Button>
              </div>
            )}
          </ListScroll>
        }
        detail={open === CHANNELS ? <ChannelsPane onClose={closeDetail} /> : shown && <NoticeDetail key={shown.id} notice={shown} onClose={closeDetail} />}
      />
    </Page>
  );
}

function MarkSeen({ upTo }: { readonly upTo: number }) {
  const { t } = useLanguage();
  const call = useCall();
  return (
    <Button size="small" icon={CheckCheck} onClick={() => void call('notices.markSeen', { up_to_id: upTo }, t('notice.markSeenFailed'))}>
      {t('notice.markSeen')}
    </Button>
  );
}

function useNotices(filter: NoticeFilter, type: '' | NoticeView['type']) {
  const { t } = useLanguage();
  const call = useCall();
  const latest = useSnapshot((snapshot) => snapshot.notices.latest);
  const live = useMemo(() => latest.toReversed(), [latest]);
  const matches = useCallback((notice: NoticeView) => matchesNotice(notice, filter, type), [filter, type]);
  const load = useCallback(
    async (beforeId: number | undefined) => {
      const answer = await call(
        'notices.list',
        { which: filter, limit: PAGE, ...(type !== '' && { type }), ...(beforeId !== undefined && { before_id: beforeId }) },
        t('notice.loadFailed'),
      );
      return answer.ok ? { page: answer.result.notices, hasMore: answer.result.has_more } : null;
    },
    [call, t, filter, type],
  );
  const history = useHistory(useMemo(() => ({ live, matches, load }), [live, matches, load]));
  // An entry that changed since may have left what is looked for.
  const items = useMemo(() => history.items.filter(matches), [history.items, matches]);
  return useMemo(() => ({ ...history, items }), [history, items]);
}

/** The open one stays open when it leaves the list, as after it was told again. */
function useOpenNotice(known: readonly NoticeView[], open: string | null): NoticeView | null {
  const [kept, keep] = useState<NoticeView | null>(null);
  if (open === null || open === CHANNELS) return null;
  const found = known.find(({ id }) => String(id) === open) ?? null;
  if (found === null) return String(kept?.id) === open ? kept : null;
  if (found !== kept) keep(found);
  return found;
}
