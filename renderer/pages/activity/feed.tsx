import { memo, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type MouseEvent } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Activity, ArrowUp, SearchX } from 'lucide-react';
import type { LogEvent } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { EventIcon } from '../../components/event-icon.tsx';
import { EventLine } from '../../components/event-line.tsx';
import { focusDetail } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { BriefTime } from '../../components/time.tsx';
import { useListKeys } from '../../components/use-list-keys.ts';
import { useLanguage } from '../../services.tsx';
import type { LoadedHistory } from '../../state/use-history.ts';
import css from './feed.module.css';

/** The height of a row in px; the same in feed.module.css. */
const ROW = 36;
/** Fetch older events when this many rows are left. */
const AHEAD = 100;

interface FeedProps {
  readonly history: LoadedHistory<LogEvent>;
  readonly openId: number | null;
  readonly filtered: boolean;
  readonly onOpen: (id: number) => void;
  readonly onClear: () => void;
}

/**
 * The list of events. New ones come in only while its top is on the screen; further down they are held back and
 * counted, so that nothing moves under the eyes of somebody who reads.
 */
export function Feed({ history, openId, filtered, onOpen, onClear }: FeedProps) {
  const { t } = useLanguage();
  const scroller = useRef<HTMLDivElement>(null);
  const { atTop, items, held, release } = useHeldBack(history.items);
  const [activeId, setActiveId] = useState<number | null>(openId);
  const listId = useId();

  // oxlint-disable-next-line react/incompatible-library -- about the React Compiler, which is not used here
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    useFlushSync: false,
  });
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? -1;
  const { loadMore, hasMore, failed } = history;
  useEffect(() => {
    if (hasMore && !failed && lastShown >= items.length - AHEAD) loadMore();
  }, [hasMore, failed, lastShown, items.length, loadMore]);

  const ids = useCallback(() => items.map((event) => event.id), [items]);
  const move = useCallback(
    (id: number) => {
      setActiveId(id);
      virtual.scrollToIndex(ids().indexOf(id));
      if (openId !== null) onOpen(id);
    },
    [ids, virtual, openId, onOpen],
  );
  const open = useCallback(
    (id: number) => {
      onOpen(id);
      focusDetail();
    },
    [onOpen],
  );
  const pick = (event: MouseEvent): void => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-id]')?.dataset['id'];
    if (id === undefined) return;
    setActiveId(Number(id));
    onOpen(Number(id));
  };
  const onKeyDown = useListKeys({ ids, active: activeId, onMove: move, onOpen: open, page: 15 });

  if (items.length === 0 && !history.loading && !history.hasMore) {
    return filtered ? (
      <EmptyState icon={SearchX} title={t('activity.noMatch')} action={<Button onClick={onClear}>{t('common.clearFilters')}</Button>} />
    ) : (
      <EmptyState icon={Activity} title={t('activity.empty.title')} text={t('activity.empty.text')} />
    );
  }
  return (
    <>
      <div role="status" className={css['pill']}>
        {held > 0 && (
          <Button
            kind="primary"
            size="small"
            icon={ArrowUp}
            onClick={() => {
              release();
              scroller.current?.scrollTo({ top: 0 });
            }}
          >
            {t('activity.newEvents', { count: held })}
          </Button>
        )}
      </div>
      <div
        ref={scroller}
        className={css['scroll']}
        role="listbox"
        aria-label={t('nav.activity')}
        aria-activedescendant={activeId === null ? undefined : `${listId}${activeId}`}
        tabIndex={0}
        data-list
        onKeyDown={onKeyDown}
        onClick={pick}
        onFocus={() => activeId === null && items[0] !== undefined && setActiveId(items[0].id)}
        onScroll={(event) => {
          atTop.current = event.currentTarget.scrollTop < ROW;
          if (atTop.current && held > 0) release();
        }}
      >
        <div className={css['rows']} style={{ height: virtual.getTotalSize() }}>
          {rows.map((row) => {
            const event = items[row.index];
            return (
              event && (
                <FeedRow
                  key={event.id}
                  id={`${listId}${event.id}`}
                  event={event}
                  top={row.start}
                  position={row.index + 1}
                  size={history.hasMore ? -1 : items.length}
                  active={event.id === activeId}
                  open={event.id === openId}
                />
              )
            );
          })}
        </div>
        <p className={css['end']} role="status">
          {history.loading ? t('activity.loading') : history.failed ? <Retry onRetry={history.loadMore} /> : !history.hasMore && t('activity.end')}
        </p>
      </div>
    </>
  );
}

function Retry({ onRetry }: { readonly onRetry: () => void }) {
  const { t } = useLanguage();
  return (
    <Button size="small" onClick={onRetry}>
      {t('common.retry')}
    </Button>
  );
}

/** Keeps events that arrive away from the top out of the list, and counts them. */
function useHeldBack(all: readonly LogEvent[]) {
  const atTop = useRef(true);
  const [topId, setTopId] = useState(all[0]?.id ?? 0);
  const newestId = all[0]?.id ?? 0;
  useLayoutEffect(() => {
    if (atTop.current) setTopId(newestId);
  }, [newestId]);
  const held = useMemo(() => {
    if (topId >= newestId) return 0;
    const first = all.findIndex((event) => event.id <= topId);
    return first === -1 ? all.length : first;
  }, [all, topId, newestId]);
  const items = useMemo(() => (held === 0 ? all : all.slice(held)), [all, held]);
  const release = useCallback(() => {
    atTop.current = true;
    setTopId(newestId);
  }, [newestId]);
  return { atTop, items, held, release };
}

interface FeedRowProps {
  readonly id: string;
  readonly event: LogEvent;
  readonly top: number;
  readonly position: number;
  readonly size: number;
  readonly active: boolean;
  readonly open: boolean;
}

const FeedRow = memo(function FeedRow({ id, event, top, position, size, active, open }: FeedRowProps) {
  const language = useLanguage();
  return (
    <div
      id={id}
      role="option"
      aria-selected={open}
      aria-posinset={position}
      aria-setsize={size}
      data-active={active || undefined}
      className={css['row']}
      data-id={event.id}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className={css['time']}>
        <BriefTime time={event.ts} />
      </span>
      <span className={css['kind']} title={language.find(`kind.${event.kind}`, {}) ?? event.kind}>
        <EventIcon kind={event.kind} />
      </span>
      <span className={css['role']}>{event.role && <RoleChip role={event.role} />}</span>
      <span className={css['text']}>
        <EventLine event={event} />
      </span>
      <span className={css['id']}>
        <Mono>{event.id}</Mono>
      </span>
    </div>
  );
});
