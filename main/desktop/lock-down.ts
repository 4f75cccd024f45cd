import type { App, Session, WebContents } from 'electron';
import type { Log } from '../base/log.ts';
import { SCHEME } from './deep-links.ts';
import { APP_HOST } from './sender.ts';

/** The one permission: writing text to the clipboard after a click, for copying addresses and ids. */
const ALLOWED_PERMISSION = 'clipboard-sanitized-write';

/** Whether a page may have a permission. */
export function permissionGranted(permission: string, requestingUrl: string): boolean {
  const url = URL.parse(requestingUrl);
  return permission === ALLOWED_PERMISSION && url?.protocol === `${SCHEME}:` && url.host === APP_HOST;
}

/** Pages stay where they are: no navigation, no new windows, no embedded web views, in any window. */
export function lockDownPages(app: Pick<App, 'on'>, log: Log): void {
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, log));
}

function lockDownContents(contents: WebContents, log: Log): void {
  const refuse = (what: string) => (event: { preventDefault(): void; readonly url?: string }) => {
    event.preventDefault();
    log.warn({ what, to: originOf(event.url ?? '') }, 'refused to a page');
  };
  contents.on('will-navigate', refuse('navigation'));
  contents.on('will-frame-navigate', refuse('frame navigation'));
  contents.on('will-redirect', refuse('redirect'));
  contents.on('will-attach-webview', refuse('web view'));
  contents.setWindowOpenHandler(({ url }) => {
    log.warn({ what: 'new window', to: originOf(url) }, 'refused to a page');
    return { action: 'deny' };
  });
}

/** Pages get no permissions but one, and no devices, screens or microphones. */
export function lockDownSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => answer(permissionGranted(permission, details.requestingUrl)));
  session.setPermissionCheckHandler((_contents, permission, origin) => permissionGranted(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
}

/** What the log may hold of an address: never the path or query, which may carry what a page knew. */
function originOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'nowhere' : `${parsed.protocol}//${parsed.host}`;
}
