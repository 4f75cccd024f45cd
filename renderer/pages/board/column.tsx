import { useCallback, useEffect, useId, useRef, useState, type DragEvent, type KeyboardEvent, type RefObject } from 'react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ChevronsLeftRight, ChevronsRightLeft } from 'lucide-react';
import type { Task, TaskStatus } from '../../../preload/contract.ts';
import { IconButton } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { TaskStatusMark } from '../../components/marks.tsx';
import { useLanguage } from '../../services.tsx';
import { Card } from './card.tsx';
import css from './board.module.css';

/** What a dragged card carries. */
const DRAGGED = 'application/x-wheelhouse-task';

/** Makes an element a place to drop cards on. */
function useDropTarget(status: TaskStatus, onDrop: (id: number, status: TaskStatus) => void) {
  const [over, setOver] = useState(false);
  const holds = (event: DragEvent): boolean => event.dataTransfer.types.includes(DRAGGED);
  return {
    over,
    target: {
      onDragOver: (event: DragEvent) => {
        if (!holds(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        setOver(false);
        if (!holds(event)) return;
        event.preventDefault();
        onDrop(Number(event.dataTransfer.getData(DRAGGED)), status);
      },
    },
  };
}

interface ColumnProps {
  readonly status: TaskStatus;
  readonly tasks: readonly Task[];
  /** The card that Tab reaches. */
  readonly activeId: number | null;
  readonly openId: number | null;
  readonly follow: RefObject<boolean>;
  readonly onOpen: (id: number, byKey: boolean) => void;
  readonly onMenu: (card: HTMLElement, id: number) => void;
  readonly onActive: (id: number) => void;
  readonly onKey: (event: KeyboardEvent<HTMLElement>, id: number) => void;
  readonly onDrop: (id: number, status: TaskStatus) => void;
  readonly onFold: (() => void) | undefined;
}

/** One status. Only the cards near the screen are drawn, so thousands are as good as ten. */
export function Column({ status, tasks, activeId, openId, follow, onOpen, onMenu, onActive, onKey, onDrop, onFold }: ColumnProps) {
  const { t, format } = useLanguage();
  const { over, target } = useDropTarget(status, onDrop);
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const active = tasks.findIndex((task) => task.id === activeId);
  // oxlint-disable-next-line react/incompatible-library -- about the React Compiler, which is not used here
  const virtual = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 84,
    overscan: 4,
    gap: 6,
    // Heights belong to tasks, not to places: a card that leaves must not hand its height to the next one.
    getItemKey: useCallback((index: number) => tasks[index]?.id ?? index, [tasks]),
    paddingStart: 2,
    paddingEnd: 8,
    useFlushSync: false,
    // The card that Tab reaches is always drawn.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...(active === -1 ? [] : [active])])].sort((a, b) => a - b),
  });

  useEffect(() => {
    if (!follow.current) return;
    if (active === -1) return;
    follow.current = false;
    virtual.scrollToIndex(active);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${activeId}"]`)?.focus());
  }, [active, activeId, follow, virtual]);

  return (
    <section className={cx(css['column'], over && css['over'])} aria-labelledby={id} {...target}>
      <header className={css['head']}>
        <h2 id={id}>
          <TaskStatusMark status={status} named />
          <span className={css['count']}>{format.number(tasks.length)}</span>
        </h2>
        {onFold && <IconButton icon={ChevronsRightLeft} label={t('board.fold')} onClick={onFold} />}
      </header>
      <div ref={scroller} className={css['cards']}>
        <ul style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((row) => {
            const task = tasks[row.index];
            return (
              task && (
                <li
                  key={task.id}
                  ref={virtual.measureElement}
                  data-index={row.index}
                  aria-setsize={tasks.length}
                  aria-posinset={row.index + 1}
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <Card
                    task={task}
                    tabStop={task.id === activeId}
                    open={task.id === openId}
                    onOpen={onOpen}
                    onMenu={onMenu}
                    onActive={onActive}
                    onKey={onKey}
                    onDragStart={(event) => {
                      event.dataTransfer.setData(DRAGGED, String(task.id));
                      event.dataTransfer.effectAllowed = 'move';
                    }}
                  />
                </li>
              )
            );
          })}
        </ul>
        {tasks.length === 0 && <p className={css['none']}>{t(`board.none.${status}`)}</p>}
      </div>
    </section>
  );
}

interface FoldedColumnProps {
  readonly status: TaskStatus;
  readonly count: number;
  readonly onUnfold: () => void;
  readonly onDrop: (id: number, status: TaskStatus) => void;
}

/** A column that is out of the way, but still takes cards. */
export function FoldedColumn({ status, count, onUnfold, onDrop }: FoldedColumnProps) {
  const { t, format } = useLanguage();
  const { over, target } = useDropTarget(status, onDrop);
  const label = t('board.unfold', { status: t(`task.status.${status}`), count });
  return (
    <button type="button" className={cx(css['folded'], over && css['over'])} aria-label={label} title={label} onClick={onUnfold} {...target}>
      <ChevronsLeftRight size={14} aria-hidden />
      <span className={css['sideways']} aria-hidden>
        {t(`task.status.${status}`)} <span className={css['count']}>{format.number(count)}</span>
      </span>
    </button>
  );
}
