import type { Notification, NotificationConstructorOptions } from 'electron';
import type { Log } from '../base/log.ts';
import type { DesktopPayload } from '../notify/payloads/desktop.ts';
import type { DesktopNotices } from '../notify/transports/desktop.ts';
import type { NoticeAction } from '../notify/types.ts';

export interface ElectronNoticesParts {
  readonly supported: () => boolean;
  readonly create: (options: NotificationConstructorOptions) => Notification;
  readonly log: Log;
}

/** A desktop that says neither that it shows a notice nor that it cannot is taken at its silence. */
const SHOW_TIMEOUT_MS = 3000;
/** Electron forgets a notice that nobody holds, and its clicks with it; the oldest are let go. */
const MOST_HELD = 50;

/** Notices by Electron: buttons act, a click beside them opens the page that shows more. */
export class ElectronNotices implements DesktopNotices {
  readonly #parts: ElectronNoticesParts;
  readonly #held = new Set<Notification>();
  #open: (page: string) => void = () => undefined;

  constructor(parts: ElectronNoticesParts) {
    this.#parts = parts;
  }

  /** `open` shows a page of the window. */
  openWith(open: (page: string) => void): void {
    this.#open = open;
  }

  unavailable(): string | null {
    return this.#parts.supported() ? null : 'this desktop shows no notifications.';
  }

  async show({ title, body, severity, actions, page }: DesktopPayload, choose: (action: NoticeAction) => void): Promise<void> {
    const critical = severity === 'critical';
    const notice = this.#parts.create({
      title,
      body,
      urgency: critical ? 'critical' : severity === 'warning' ? 'normal' : 'low',
      // What the person can decide about stays until they have.
      timeoutType: critical || actions.length > 0 ? 'never' : 'default',
      actions: actions.map(({ label }) => ({ type: 'button', text: label })),
    });
    this.#hold(notice);
    notice.on('action', ({ actionIndex }) => {
      this.#held.delete(notice);
      const chosen = actions[actionIndex];
      if (chosen !== undefined) choose(chosen.action);
    });
    notice.on('click', () => {
      this.#held.delete(notice);
      this.#open(page);
    });
    notice.on('close', () => this.#held.delete(notice));
    await this.#shown(notice);
  }

  async #shown(notice: Notification): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#parts.log.debug('the desktop did not say that it shows the notice');
        resolve();
      }, SHOW_TIMEOUT_MS);
      const settle = (end: () => void) => (): void => {
        clearTimeout(timer);
        end();
      };
      notice.once('show', settle(resolve));
      notice.once('failed', (_event, error) => settle(() => reject(new Error(error)))());
      notice.show();
    });
  }

  #hold(notice: Notification): void {
    this.#held.add(notice);
    const [oldest] = this.#held;
    if (this.#held.size > MOST_HELD && oldest !== undefined) this.#held.delete(oldest);
  }
}
