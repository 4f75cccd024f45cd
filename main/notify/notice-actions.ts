import { AppError } from '../base/errors.ts';
import { hasRejectButton } from './draft.ts';
import type { NoticeHistory, NoticeRecord } from './history.ts';
import type { NoticeContexts } from './notices.ts';
import type { NoticeAction } from './types.ts';

/** What the buttons of a notice do; each is carried out by the room that it belongs to. */
export interface NoticeHandlers {
  keepRenewal(context: NoticeContexts['SESSION_RENEWED']): Promise<void>;
  rejectRenewal(context: NoticeContexts['SESSION_RENEWED']): Promise<void>;
  /** Absent while there is no room for completions. */
  acknowledgeCompletion?(context: NoticeContexts['COMPLETION_DONE'] | NoticeContexts['COMPLETION_ESCALATED']): Promise<void>;
}

/** Carries out what the person chose on a notice. */
export class NoticeActions {
  readonly #history: NoticeHistory;
  readonly #handlers: NoticeHandlers;

  constructor(history: NoticeHistory, handlers: NoticeHandlers) {
    this.#history = history;
    this.#handlers = handlers;
  }

  /** Rejects with NOTICE_NOT_FOUND, with CONFLICT for a button that the notice does not have, and as its room does. */
  async run(noticeId: number, action: NoticeAction): Promise<void> {
    const notice = this.#history.get(noticeId);
    await this.#perform(notice, action);
    this.#history.markSeen({ ids: [noticeId] });
  }

  async #perform(notice: NoticeRecord, action: NoticeAction): Promise<void> {
    if (hasRejectButton(notice) && action !== 'ack') {
      const context = notice.context as NoticeContexts['SESSION_RENEWED'];
      return action === 'keep' ? this.#handlers.keepRenewal(context) : this.#handlers.rejectRenewal(context);
    }
    if (action === 'ack' && this.#handlers.acknowledgeCompletion !== undefined && (notice.type === 'COMPLETION_DONE' || notice.type === 'COMPLETION_ESCALATED')) {
      return this.#handlers.acknowledgeCompletion(notice.context as NoticeContexts['COMPLETION_DONE']);
    }
    throw new AppError('CONFLICT', `The notice ${notice.id} (${notice.type}) has no button "${action}".`, { notice_id: notice.id, action });
  }
}
