/** The words of the room, in the form in which windows see them. */

/** pending -> notified -> acked -> archived; being escalated is a mark on the first two, not a state of its own. */
export type CompletionState = 'pending' | 'notified' | 'acked' | 'archived';

/** Why a file is not taken for a completion. */
export type Refusal = 'name' | 'symlink' | 'directory' | 'special' | 'size' | 'unreadable';

/** How a watched folder stands: `missing` and `unreadable` ones are looked for again at every rescan. */
export type FolderState = 'watched' | 'missing' | 'unreadable';
/** Why a report is not shown. `none`: the completion names none; `binary`: it is not text. */
export type ReportRefusal = 'none' | 'address' | 'gone' | 'symlink' | 'directory' | 'special' | 'unreadable' | 'binary';
