import type { CompletionState, FolderState, Refusal } from '../../main/completions/types.ts';
import type { NoticeState } from '../../main/notify/types.ts';
import type { Call } from './call.ts';
import type { NoticeAttemptView } from './notify.ts';

/** One `.done` file. Times are ISO 8601; null: not yet, or not said. */
export interface CompletionView {
  readonly id: number;
  readonly folder: string;
  readonly task: string;
  /** Which completion of the task this is: 1 is the first. */
  readonly times: number;
  readonly team: string | null;
  /** As the file says it; data, never markup. */
  readonly summary: string | null;
  /** A path or an address: shown, never opened by itself. */
  readonly report: string | null;
  readonly state: CompletionState;
  readonly finishedAt: string;
  readonly seenAt: string;
  readonly notifiedAt: string | null;
  readonly escalatedAt: string | null;
  /** When it is escalated unless somebody acks it. */
  readonly escalatesAt: string | null;
  readonly ackedAt: string | null;
  /** `person`, or `file` when another tool made the marker. */
  readonly ackedBy: string | null;
  readonly archivedAt: string | null;
  /** The later completion of the task that took its place. */
  readonly supersededBy: number | null;
}

/** A completion with what was told about it. */
export interface CompletionDetail {
  readonly completion: CompletionView;
  /** Oldest first. */
  readonly notices: readonly {
    readonly id: number;
    readonly escalation: boolean;
    readonly createdAt: string;
    readonly state: NoticeState;
    readonly reason: string | null;
    readonly deliveredAt: string | null;
    readonly attempts: readonly NoticeAttemptView[];
  }[];
}

/** The watched folders, and the files in them that are not taken for completions. */
export interface CompletionFolders {
  readonly folders: readonly { readonly path: string; readonly state: FolderState }[];
  /** Newest first; the names with everything unprintable as escapes. */
  readonly refused: readonly { readonly folder: string; readonly name: string; readonly why: Refusal; readonly seenAt: string }[];
}

export interface CompletionCalls {
  /** Newest first. `current`: not in the archive; `open`: nobody has reacted yet. */
  'completions.list': Call<
    { readonly which?: 'all' | 'current' | 'open' | 'pending' | 'notified' | 'escalated' | 'acked' | 'archived'; readonly team?: string; readonly task?: string; readonly before_id?: number; readonly limit?: number },
    { readonly completions: readonly CompletionView[]; readonly has_more: boolean }
  >;
  'completions.get': Call<{ readonly completion_id: number }, CompletionDetail>;
  /** The beginning of the text of its report. Nothing in it is run or rendered. */
  'completions.report': Call<
    { readonly completion_id: number },
    { readonly path: string; readonly text: string; /** Of the whole file. */ readonly bytes: number; /** Whether more stands behind it. */ readonly cut: boolean }
  >;
  /** The person has seen it. */
  'completions.ack': Call<{ readonly completion_id: number }, { readonly completion: CompletionView }>;
  /** Tells people of it again. */
  'completions.resend': Call<{ readonly completion_id: number }, { readonly completion: CompletionView }>;
}
