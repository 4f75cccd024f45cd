import type { CallArgs, CompletionView } from '../../preload/contract.ts';

/** What can be looked for; `current` is everything that is not in the archive. */
export const COMPLETION_FILTERS = ['current', 'open', 'escalated', 'acked', 'archived', 'all'] as const satisfies readonly NonNullable<CallArgs<'completions.list'>['which']>[];
export type CompletionFilter = (typeof COMPLETION_FILTERS)[number];

/** Nobody has reacted to it yet. */
export const isOpen = ({ state }: Pick<CompletionView, 'state'>): boolean => state === 'pending' || state === 'notified';

const isEscalated = (completion: CompletionView): boolean => isOpen(completion) && completion.escalatedAt !== null;

const MATCHES: Readonly<Record<CompletionFilter, (completion: CompletionView) => boolean>> = {
  current: ({ state }) => state !== 'archived',
  open: isOpen,
  escalated: isEscalated,
  acked: ({ state }) => state === 'acked',
  archived: ({ state }) => state === 'archived',
  all: () => true,
};

/** Whether the core would list it under the filter; `team` '' is any. */
export const matchesCompletion = (completion: CompletionView, filter: CompletionFilter, team: string): boolean =>
  MATCHES[filter](completion) && (team === '' || completion.team === team);

/** The filter in the address; anything unknown shows the current ones. */
export const readCompletionFilter = (word: string | undefined): CompletionFilter => COMPLETION_FILTERS.find((filter) => filter === word) ?? 'current';

/** What was escalated and waits for an ack, newest first. */
export const escalatedOf = (completions: readonly CompletionView[]): readonly CompletionView[] => completions.filter(isEscalated).toReversed();

/** The teams that have reported something, by name. */
export const teamsOf = (completions: readonly CompletionView[]): readonly string[] =>
  [...new Set(completions.flatMap(({ team }) => team ?? []))].sort((a, b) => a.localeCompare(b));
