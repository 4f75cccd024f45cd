import type { ThemeChoice } from '../preload/contract.ts';
import type { MirrorStore } from './state/mirror.ts';

const REMEMBERED = 'wheelhouse.theme';

/** Sets the person's theme on the page; `system` leaves the choice to the platform. */
function applyTheme(root: HTMLElement, theme: string | null): void {
  if (theme === 'light' || theme === 'dark') root.dataset['theme'] = theme;
  else delete root.dataset['theme'];
}

/**
 * Follows the setting. The last theme is remembered in the browser only to be right before the first answer of the
 * core: without it a dark window would start with a white flash.
 */
export function followTheme(mirror: MirrorStore, root: HTMLElement, storage: Storage): void {
  applyTheme(root, storage.getItem(REMEMBERED));
  mirror.subscribe(({ snapshot }, before) => {
    const theme: ThemeChoice | undefined = snapshot?.settings.theme;
    if (theme === undefined || theme === before.snapshot?.settings.theme) return;
    applyTheme(root, theme);
    storage.setItem(REMEMBERED, theme);
  });
}
