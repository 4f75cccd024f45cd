import { desktopPayload, type DesktopPayload } from '../payloads/desktop.ts';
import { redact } from '../redact.ts';
import type { NoticeAction } from '../types.ts';
import type { Words } from '../words/words.ts';
import type { Item, Outcome, Transport } from './transport.ts';

/** Puts a notice on the desktop: Electron's own notices under the tray, a program of the system without it. */
export interface DesktopNotices {
  /** Why nothing can appear; null when it can. */
  unavailable(): string | null;
  /**
   * Resolves when it was handed to the desktop; rejects when the desktop did not take it. `choose` hears the button that the
   * person presses, which may be much later.
   */
  show(notice: DesktopPayload, choose: (action: NoticeAction) => void): Promise<void>;
}

/** Enough for a person to read; what comes faster becomes a list. */
const LIMITS = [{ count: 5, perMs: 10_000 }] as const;

/** The desktop of the person at this machine. */
export class DesktopTransport implements Transport {
  readonly channel = 'desktop';
  readonly target = '';
  readonly limits = LIMITS;
  readonly #notices: DesktopNotices;
  readonly #words: () => Words;
  readonly #choose: (noticeId: number, action: NoticeAction) => void;

  /** `choose` carries out what the person chose on a notice. */
  constructor(notices: DesktopNotices, words: () => Words, choose: (noticeId: number, action: NoticeAction) => void) {
    this.#notices = notices;
    this.#words = words;
    this.#choose = choose;
  }

  unavailable(): string | null {
    return this.#notices.unavailable();
  }

  capacity(items: readonly Item[]): number {
    return items.length;
  }

  async send(items: readonly Item[]): Promise<Outcome> {
    const why = this.unavailable();
    if (why !== null) return { kind: 'failed', reason: why, uncertain: false };
    try {
      const payload = desktopPayload(items.map(({ noticeId }) => noticeId), items.map(({ draft }) => draft), this.#words());
      await this.#notices.show(payload, (action) => {
        for (const noticeId of payload.noticeIds) this.#choose(noticeId, action);
      });
      return { kind: 'sent', providerId: null };
    } catch (error) {
      return { kind: 'failed', reason: redact(error instanceof Error ? error.message : String(error)), uncertain: false };
    }
  }

  async check(): Promise<Outcome> {
    const why = this.unavailable();
    return why === null ? { kind: 'sent', providerId: null } : { kind: 'failed', reason: why, uncertain: false };
  }
}
