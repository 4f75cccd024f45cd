import type { Obstacle, UpdateState } from '../../main/updates/types.ts';
import type { Call, Nothing } from './call.ts';

/** How this installation stands to the newest version. */
export interface UpdatesView {
  readonly state: UpdateState;
  /** That runs. */
  readonly version: string;
  /** The newer version of the feed; null: none is known. */
  readonly latest: string | null;
  /** Where newer versions are looked for; null: nowhere, `[updates] feed` is empty. */
  readonly feed: string | null;
  /** When it was looked last, ISO 8601; null: not since the start. */
  readonly lookedAt: string | null;
  /** Why the last look or download failed. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  /** Why this installation cannot replace itself; null: it can. */
  readonly obstacle: Obstacle | null;
}

export interface UpdateCalls {
  'updates.get': Call<Nothing, UpdatesView>;
  /** Looks now; a download goes on behind the answer. That the look failed is in the answer. */
  'updates.check': Call<Nothing, UpdatesView>;
  /** Restarts the desktop as the version that is ready, as quitting does: asks at the desktop when work runs. */
  'updates.restart': Call<Nothing, Nothing>;
}
