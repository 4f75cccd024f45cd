import type { Page } from '@playwright/test';
import type { DesktopState } from '../state.ts';

export interface LaunchOptions {
  readonly dataDir: string;
  /** The folder with package.json. Default: this checkout, in which the built bundles are below out/. */
  readonly appPath?: string;
  /** After the application's folder. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The languages the system prefers, best first. Default: English. */
  readonly languages?: readonly string[];
  /** Only on the stand-in: the application counts as installed, with the builder's files in this folder. */
  readonly packaged?: { readonly resourcesPath: string };
  /** Whether something shows tray icons. Default: yes. */
  readonly trayHost?: boolean;
}

/** A running desktop application: what the person sees of it and can do to it, and what the system can. */
export interface DesktopApp {
  state(): Promise<DesktopState>;
  /** The page of the application's window; waits until there is one with a loaded document. */
  page(): Promise<Page>;
  clickTray(): Promise<void>;
  clickMenu(id: string): Promise<void>;
  /** Answers the open dialog with the button of that name; waits for a dialog that has it. */
  answerDialog(button: string): Promise<void>;
  /** Presses a button of the notice with this title, or clicks beside its buttons (null); waits for the notice. */
  clickNotice(title: string, button: string | null): Promise<void>;
  closeWindow(): Promise<void>;
  crashWindow(): Promise<void>;
  pressInWindow(key: string, control: boolean): Promise<void>;
  /** Opens a window that the application knows nothing of, showing its page with its preload. */
  openForeignWindow(): Promise<Page>;
  power(event: 'resume' | 'shutdown'): Promise<void>;
  /** Changes the theme of the system; false where a test cannot. */
  systemTheme(theme: 'light' | 'dark'): Promise<boolean>;
  /** Whether a page of the application would get the permission. */
  askPermission(permission: string): Promise<boolean>;
  /** Starts the application once more on the same data directory; gives that process's exit code. */
  launchAgain(args?: readonly string[]): Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
  /** The exit code. */
  readonly ended: Promise<number | null>;
  /** Everything the process wrote to its output, for the report of a failed test. */
  output(): string;
  /** Ends the process if it still runs. */
  dispose(): Promise<void>;
}

export interface DesktopDriver {
  readonly name: string;
  /** Why it cannot run here; null when it can. */
  readonly unavailable: string | null;
  launch(options: LaunchOptions): Promise<DesktopApp>;
}
