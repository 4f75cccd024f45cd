import type { HealthProblem, Locale, Page } from '../../preload/contract.ts';
import { lockedResources, workRuns, type ShellFacts } from './facts.ts';
import { problemText, type Texts } from './texts.ts';

/** What the icon alone tells; each has its own shape as well as its own colour. */
export type TrayState = 'idle' | 'working' | 'needs-you' | 'locked' | 'error';

export type TrayAction =
  | { readonly do: 'open'; readonly page: Page | null }
  | { readonly do: 'copy-mcp-address' }
  | { readonly do: 'open-logs' }
  | { readonly do: 'quit' };

export type TrayEntry =
  | { readonly kind: 'separator' }
  /** A line that only informs. */
  | { readonly kind: 'note'; readonly id: string; readonly label: string }
  | { readonly kind: 'action'; readonly id: string; readonly label: string; readonly action: TrayAction };

/** Everything the tray shows. Two equal models look the same. */
export interface TrayModel {
  readonly state: TrayState;
  /** How many things wait for the person; 0 unless the state is `needs-you`. */
  readonly count: number;
  readonly tooltip: string;
  /** Flat: desktops on Linux limit the depth of tray menus and open submenus badly. */
  readonly menu: readonly TrayEntry[];
}

/** More problems than this would push the verbs of the menu off the screen. */
const PROBLEMS_SHOWN = 3;
/** Windows cuts a tooltip at 127 characters. */
const TOOLTIP_LENGTH = 127;
/** Long enough for a sentence, short enough for the narrowest panel. */
const LABEL_LENGTH = 80;

/** The one state the icon shows, most urgent first: stopped, broken, waiting for the person, busy, idle. */
export function trayState(facts: ShellFacts | null): TrayState {
  if (facts === null) return 'idle';
  const { status } = facts;
  if (status.state === 'locked' || status.killSwitch !== 'NORMAL') return 'locked';
  if (status.state === 'degraded') return 'error';
  if (status.needsYou > 0) return 'needs-you';
  return workRuns(facts) ? 'working' : 'idle';
}

/** What to show for these facts; null stands for the moment before the first snapshot. */
export function trayModel(facts: ShellFacts | null, texts: Texts, locale: Locale): TrayModel {
  const state = trayState(facts);
  const summary = facts === null ? [texts('starting')] : summaryOf(facts, texts);
  const problems = facts?.status.problems ?? [];
  return {
    state,
    count: state === 'needs-you' ? (facts?.status.needsYou ?? 0) : 0,
    tooltip: cut([texts('name'), ...summary].join(' · '), TOOLTIP_LENGTH),
    menu: [
      { kind: 'note', id: 'summary', label: cut(summary.join(' · '), LABEL_LENGTH) },
      ...problems.slice(0, PROBLEMS_SHOWN).map((problem, index) => problemEntry(problem, index, locale)),
      { kind: 'separator' },
      open('open', texts('open'), null),
      open('activity', texts('activity'), 'activity'),
      open('board', texts('board'), 'board'),
      open('messages', texts('messages'), 'messages'),
      open('locks', texts('locks'), 'locks'),
      { kind: 'separator' },
      { kind: 'action', id: 'copy-mcp-address', label: texts('copyMcpAddress'), action: { do: 'copy-mcp-address' } },
      { kind: 'action', id: 'open-logs', label: texts('openLogs'), action: { do: 'open-logs' } },
      { kind: 'separator' },
      { kind: 'action', id: 'quit', label: workRuns(facts) ? texts('quitAsks') : texts('quit'), action: { do: 'quit' } },
    ],
  };
}

/** The work that is going on, in words; empty when there is none. */
export function workInWords(facts: ShellFacts, texts: Texts): readonly string[] {
  const locks = lockedResources(facts);
  return [
    ...(facts.status.working > 0 ? [texts('tasksRunning', { count: facts.status.working })] : []),
    ...(locks > 0 ? [texts('locksHeld', { count: locks })] : []),
  ];
}

/** The state in words: never empty, most urgent first. */
function summaryOf(facts: ShellFacts, texts: Texts): readonly string[] {
  const { status } = facts;
  const parts: string[] = [];
  if (status.killSwitch === 'RECOVERING') parts.push(texts('recovering'));
  else if (status.state === 'locked' || status.killSwitch === 'ACTIVATED') parts.push(texts('stopped'));
  if (status.problems.length > 0) parts.push(texts('problems', { count: status.problems.length }));
  if (status.needsYou > 0) parts.push(texts('needsYou', { count: status.needsYou }));
  parts.push(...workInWords(facts, texts));
  return parts.length > 0 ? parts : [texts('idle')];
}

function problemEntry(problem: HealthProblem, index: number, locale: Locale): TrayEntry {
  const label = cut(`⚠ ${problemText(problem, locale)}`, LABEL_LENGTH);
  return { kind: 'action', id: `problem-${index + 1}`, label, action: { do: 'open', page: 'overview' } };
}

function open(id: string, label: string, page: Page | null): TrayEntry {
  return { kind: 'action', id, label, action: { do: 'open', page } };
}

function cut(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
