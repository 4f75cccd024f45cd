import { useEffect, useRef } from 'react';
import type { Page } from '../../preload/contract.ts';
import { PAGES, goTo, parseRoute, pathTo, showDetail } from '../router.ts';
import { useLanguage } from '../services.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Kbd } from './marks.tsx';
import { isTyping, keyOf } from './keys.ts';
import css from './shortcuts.module.css';

/** The second key after `g`. */
const PAGE_KEYS: Readonly<Record<string, Page>> = { o: 'overview', a: 'activity', b: 'board', m: 'messages', l: 'locks', d: 'schedule', s: 'sessions', p: 'approvals', w: 'owners', k: 'kill-switch' };
/** How long `g` waits for its second key. */
const CHORD_MS = 1_200;

/** The keys that work everywhere. Single keys never act while typing, in a dialog or with an open menu. */
export function useShortcuts(onShowShortcuts: () => void): void {
  const chordUntil = useRef(0);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('dialog[open], [popover]:popover-open') !== null) return;
      const key = keyOf(event);
      if (key === 'Escape') return closeDetail();
      if (isTyping(event.target)) return;
      const chord = event.timeStamp < chordUntil.current ? PAGE_KEYS[key] : undefined;
      chordUntil.current = key === 'g' ? event.timeStamp + CHORD_MS : 0;
      const page = chord ?? (/^[1-9]$/.test(key) ? PAGES[Number(key) - 1] : undefined);
      if (page !== undefined) goTo(pathTo(page));
      else if (key === '/') document.querySelector<HTMLElement>('[data-page-search]')?.focus();
      else if (key === 'c') document.querySelector<HTMLElement>('[data-page-action]')?.click();
      else if (key === '?') onShowShortcuts();
      else if (['j', 'k', 'ArrowDown', 'ArrowUp'].includes(key) && document.activeElement?.closest('[data-list], aside, nav, table') === null) {
        document.querySelector<HTMLElement>('[data-list]')?.focus();
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [onShowShortcuts]);
}

/** Closes what is open on the page and goes back to the list. */
export function closeDetail(): void {
  const route = parseRoute(window.location.hash);
  if (route.open === null) return;
  showDetail(null);
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(route.open ?? '')}"]`);
    (row ?? document.querySelector<HTMLElement>('[data-list]'))?.focus();
  });
}

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLanguage();
  const rows: readonly (readonly [readonly string[], string])[] = [
    ...PAGES.slice(0, 9).map((page, index) => [[String(index + 1)], t(`nav.${page}`)] as const),
    [['g', Object.keys(PAGE_KEYS).join(' / ')], t('shortcuts.chord')],
    [['/'], t('shortcuts.search')],
    [['c'], t('shortcuts.create')],
    [['j', 'k', '↑', '↓'], t('shortcuts.move')],
    [['Enter'], t('shortcuts.open')],
    [['Esc'], t('shortcuts.close')],
    [['m'], t('shortcuts.moveTask')],
    [['?'], t('shortcuts.title')],
  ];
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose} actions={<Button onClick={onClose}>{t('common.close')}</Button>}>
      <dl className={css['keys']}>
        {rows.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>{meaning}</dt>
            <dd>
              {keys.map((key) => (
                <Kbd key={key}>{key.length > 1 && !key.includes('/') ? key : key.toUpperCase()}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
