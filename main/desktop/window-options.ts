import type { BrowserWindowConstructorOptions } from 'electron';
import { SMALLEST, type WindowPlace } from './window-bounds.ts';

/** The backdrop of renderer/tokens.css, shown before the first paint so that nothing flashes. */
const BACKGROUND = { light: '#f5f6f8', dark: '#0f1114' } as const;

export function backgroundColor(dark: boolean): string {
  return dark ? BACKGROUND.dark : BACKGROUND.light;
}

interface WindowOptionsInput {
  readonly title: string;
  readonly place: WindowPlace;
  readonly dark: boolean;
  /** Absolute paths. */
  readonly preload: string;
  readonly icon: string;
}

/** How every window is made. The defaults of Electron that protect are written out, so that no update loosens them. */
export function windowOptions({ title, place, dark, preload, icon }: WindowOptionsInput): BrowserWindowConstructorOptions {
  return {
    ...place.bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title,
    icon,
    // Shown when the first page is painted.
    show: false,
    backgroundColor: backgroundColor(dark),
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // A middle click would ask for a window that nobody may open.
      disableBlinkFeatures: 'Auxclick',
      // Checking would download dictionaries.
      spellcheck: false,
    },
  };
}
