import type { MenuItemConstructorOptions } from 'electron';

/**
 * The application menu: macOS needs one for copy, paste, hide and quit. Elsewhere there is none; its place would be
 * inside the window, where the sidebar is.
 */
export function applicationMenu(platform: NodeJS.Platform): MenuItemConstructorOptions[] | null {
  if (platform !== 'darwin') return null;
  return [
    { role: 'appMenu' },
    { role: 'editMenu' },
    // Without the entries that reload the page or open developer tools.
    { role: 'viewMenu', submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }] },
    { role: 'windowMenu' },
  ];
}
