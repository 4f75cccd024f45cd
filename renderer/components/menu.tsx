import { useId, useRef, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { Check, type LucideIcon } from 'lucide-react';
import { cx } from './cx.ts';
import css from './menu.module.css';

export interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon | undefined;
  /** Stands in place of the icon. */
  readonly mark?: ReactNode;
  /** Set for choices: whether this one is chosen. */
  readonly checked?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly danger?: boolean | undefined;
  readonly hint?: string | undefined;
  readonly onSelect: () => void;
}
export interface MenuGroup {
  readonly label?: string | undefined;
  readonly items: readonly MenuItem[];
}

interface MenuPanelProps {
  readonly id?: string;
  /** Opens and closes it: `showPopover({ source })` places it at an element that is not its button. */
  readonly panelRef: RefObject<HTMLDivElement | null>;
  readonly groups: readonly MenuGroup[];
  readonly align?: 'start' | 'end';
  readonly side?: 'below' | 'above';
}

/** A menu in the top layer: Escape, a click elsewhere and returning the focus are the platform's own. */
export function MenuPanel({ id, panelRef, groups, align = 'end', side = 'below' }: MenuPanelProps) {
  const items = (): HTMLElement[] => [...(panelRef.current?.querySelectorAll<HTMLElement>('button:enabled') ?? [])];

  const move = (event: KeyboardEvent): void => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all[next % all.length]?.focus();
  };

  return (
    <div
      id={id}
      ref={panelRef}
      role="menu"
      tabIndex={-1}
      popover="auto"
      className={cx(css['menu'], css[align], css[side])}
      onKeyDown={move}
      onToggle={(event) => {
        if (event.newState === 'open') (items().find((item) => item.ariaChecked === 'true') ?? items()[0])?.focus();
      }}
    >
      {groups.map((group, index) => (
        <div key={group.label ?? index} role="group" aria-label={group.label} className={css['group']}>
          {group.label && (
            <div className={css['label']} aria-hidden>
              {group.label}
            </div>
          )}
          {group.items.map(({ icon: Icon, ...item }) => (
            <button
              key={item.label}
              type="button"
              role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked}
              disabled={item.disabled}
              className={cx(css['item'], item.danger && css['danger'])}
              onClick={() => {
                panelRef.current?.hidePopover();
                item.onSelect();
              }}
            >
              {(Icon ?? item.mark) && <span className={css['lead']}>{Icon ? <Icon size={15} aria-hidden /> : item.mark}</span>}
              <span className={css['text']}>
                {item.label}
                {item.hint && <small>{item.hint}</small>}
              </span>
              {item.checked === true && <Check size={14} aria-hidden />}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

interface MenuProps extends Pick<MenuPanelProps, 'groups' | 'align' | 'side'> {
  /** The button; gets what ties it to the menu. */
  readonly children: (trigger: { readonly popoverTarget: string; readonly 'aria-haspopup': 'menu' }) => ReactNode;
}

/** A button with its menu. */
export function Menu({ children, ...panel }: MenuProps) {
  const id = useId();
  const panelRef = useRef<HTMLDivElement>(null);
  return (
    <>
      {children({ popoverTarget: id, 'aria-haspopup': 'menu' })}
      <MenuPanel id={id} panelRef={panelRef} {...panel} />
    </>
  );
}
