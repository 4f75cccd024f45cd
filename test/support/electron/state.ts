/** What the outside world would see of the application: recorded by the stand-in, read by the specs. */
export interface DesktopState {
  readonly tray: TrayRecord | null;
  readonly windows: readonly WindowRecord[];
  readonly dialogs: readonly DialogRecord[];
  readonly notifications: readonly NotificationRecord[];
  readonly clipboard: string;
  /** Paths handed to the file manager. */
  readonly openedPaths: readonly string[];
  readonly themeSource: string;
}

export interface NotificationRecord {
  readonly title: string;
  readonly body: string;
  readonly buttons: readonly string[];
}

export interface TrayRecord {
  /** The file of the image, relative to the application. */
  readonly image: string;
  readonly toolTip: string;
  readonly menu: readonly MenuItemRecord[];
}

export interface MenuItemRecord {
  readonly id: string | null;
  readonly type: string;
  /** As it is shown: mnemonic marks resolved. */
  readonly label: string;
  readonly enabled: boolean;
}

export interface WindowRecord {
  readonly id: number;
  readonly url: string;
  /** Whether a document has been loaded and its renderer lives. */
  readonly loaded: boolean;
  readonly visible: boolean;
  readonly focused: boolean;
  readonly minimized: boolean;
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface DialogRecord {
  readonly id: number;
  readonly type: string;
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
  readonly defaultId: number | null;
  /** Null while the dialog is open. */
  readonly response: number | null;
}
