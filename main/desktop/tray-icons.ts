import { join } from 'node:path';
import type { TrayState } from './tray-model.ts';

/** What the right icon depends on. */
export interface TrayIconQuery {
  readonly platform: NodeJS.Platform;
  readonly state: TrayState;
  readonly count: number;
  /** Whether the taskbar is dark, which on Windows is another setting than that of applications. */
  readonly darkTaskbar: boolean;
  /** The largest scale factor of the displays. */
  readonly scale: number;
}

/** Sizes of the bitmaps for Linux: panels are 22 or 24 high at scale 1. */
const LINUX_SIZES: readonly (readonly [scale: number, size: number])[] = [
  [1, 22],
  [1.25, 24],
  [1.5, 32],
];
const LARGEST_LINUX_SIZE = 48;

/**
 * The file of a tray icon below resources/icons/tray, as resources/scripts/icons.mjs writes them. macOS recolours its
 * templates and shows the count as text beside them. Linux trays ignore scale factors and tell nobody the colour of
 * their panel, so there the bitmap is picked for the largest display and carries its own outline.
 */
export function trayIconFile({ platform, state, count, darkTaskbar, scale }: TrayIconQuery): string {
  if (platform === 'darwin') return join('mac', `${state}Template.png`);
  const name = state === 'needs-you' ? `${state}-${count > 9 ? 'many' : Math.max(count, 1)}` : state;
  if (platform === 'win32') return join('windows', darkTaskbar ? 'dark' : 'light', `${name}.ico`);
  const size = LINUX_SIZES.find(([largest]) => scale <= largest)?.[1] ?? LARGEST_LINUX_SIZE;
  return join('linux', `${name}-${size}.png`);
}
