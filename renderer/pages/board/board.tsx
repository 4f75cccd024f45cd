import { useCallback, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Task, TaskStatus } from '../../../preload/contract.ts';
import { keyOf } from '../../components/keys.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { MenuPanel } from '../../components/menu.tsx';
import { usePerson } from '../../components/use-person.ts';
import { useLanguage } from '../../services.tsx';
import { COLUMNS, neighbour } from '../../state/board.ts';
import { Column, FoldedColumn } from './column.tsx';
import { moveItems } from './move-items.tsx';
import { useTaskActions } from './use-task-actions.ts';
import css from './board.module.css';

interface BoardProps {
  readonly columns: Readonly<Record<TaskStatus, readonly Task[]>>;
  readonly openId: number | null;
  readonly onOpen: (id: number) => void;
}

/** Columns of cards. Cards move by dragging, by the menu on `m` or a right click, and from the detail pane. */
export function Board({ columns, openId, onOpen }: BoardProps) {
  const { t } = useLanguage();
  const actions = useTaskActions();
  const person = usePerson();
  const [unfolded, setUnfolded] = useState(false);
  const visible = useMemo(() => COLUMNS.filter((status) => status !== 'cancelled' || unfolded), [unfolded]);
  const lists = useMemo(() => visible.map((status) => columns[status]), [visible, columns]);
  const [activeId, setActiveId] = useState<number | null>(openId);
  // The card of what is open is always drawn, so that the focus can go back to it from the pane.
  const [opened, setOpened] = useState(openId);
  if (!Object.is(opened, openId)) {
    setOpened(openId);
    if (openId !== null) setActiveId(openId);
  }
  const active = useMemo(() => lists.flat().find((task) => task.id === activeId) ?? null, [lists, activeId]);
  /** Set when a key moved the selection, so that the focus follows once the card is drawn. */
  const follow = useRef(false);
  const menu = useRef<HTMLDivElement>(null);

  const showMenu = useCallback((card: HTMLElement, id: number) => {
    setActiveId(id);
    // The card is the place of the menu; drawn first, so that the menu knows its task.
    requestAnimationFrame(() => menu.current?.showPopover({ source: card }));
  }, []);

  const onKey = useCallback(
    (event: KeyboardEvent<HTMLElement>, id: number): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
      const key = keyOf(event.nativeEvent);
      if (key === 'm') {
        event.preventDefault();
        showMenu(event.currentTarget, id);
        return;
      }
      const next = neighbour(lists, id, key);
      if (next === null) return;
      event.preventDefault();
      event.stopPropagation();
      follow.current = true;
      setActiveId(next);
      if (openId !== null) onOpen(next);
    },
    [lists, openId, onOpen, showMenu],
  );

  const open = useCallback(
    (id: number, byKey: boolean) => {
      setActiveId(id);
      onOpen(id);
      if (byKey) focusDetail();
    },
    [onOpen],
  );
  const first = lists.find((tasks) => tasks.length > 0)?.[0]?.id ?? null;
  const tabStop = active?.id ?? first;
  const drop = useCallback(
    (id: number, status: TaskStatus) => {
      const task = COLUMNS.flatMap((name) => columns[name]).find((candidate) => candidate.id === id);
      if (task !== undefined && task.status !== status) void actions.move(task, status);
    },
    [columns, actions],
  );

  return (
    <div className={css['board']}>
      {visible.map((status) => (
        <Column
          key={status}
          status={status}
          tasks={columns[status]}
          activeId={tabStop}
          openId={openId}
          follow={follow}
          onOpen={open}
          onMenu={showMenu}
          onActive={setActiveId}
          onKey={onKey}
          onDrop={drop}
          onFold={status === 'cancelled' ? () => setUnfolded(false) : undefined}
        />
      ))}
      {!unfolded && <FoldedColumn status="cancelled" count={columns.cancelled.length} onUnfold={() => setUnfolded(true)} onDrop={drop} />}
      <MenuPanel panelRef={menu} align="start" groups={active === null ? [] : moveItems(active, person, actions, t)} />
    </div>
  );
}
