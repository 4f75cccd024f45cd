import type { HealthProblem, Locale, Page } from '../../preload/contract.ts';
import { lockedResources, workRuns, type ShellFacts } from './facts.ts';
import { problemText, type Texts } from './texts.ts';

/** What the icon alone tells; each has its own shape as well as its own colour. */
export type TrayState = 'idle' | 'working' | 'needs-you' | 'locked' | 'error';

export type TrayAction =
  | { readonly do: 'open'; readonly page: Page | null }
  | { readonly do: 'copy-mcp-address' }
  | { readonly do: 'open-logs' }
  | { readonly do: 'restart-to-update' }
  | { readonly do: 'quit' };

export type LabelledEntry =
  /** A line that only informs. */
  | { readonly kind: 'note'; readonly id: string; readonly label: string }
  | { readonly kind: 'action'; readonly id: string; readonly label: string; readonly action: TrayAction };

export type TrayEntry = { readonly kind: 'separator' } | LabelledEntry;

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
  if (stopped(facts)) return 'locked';
  if (status.state === 'degraded') return 'error';
  if (status.needsYou > 0) return 'needs-you';
  return workRuns(facts) ? 'working' : 'idle';
}

/**
 * What to show for these facts at `now` (ms since 1970); null stands for the moment before the first snapshot. `restartTo`:
 * the version that a restart would bring.
 */
export function trayModel(facts: ShellFacts | null, texts: Texts, locale: Locale, now: number, restartTo: string | null = null): TrayModel {
  const state = trayState(facts);
  const summary = facts === null ? [note('starting', texts('starting'))] : summaryOf(facts, texts, now);
  const problems = facts?.status.problems ?? [];
  const words = summary.map(({ label }) => label);
  if (problems.length > 0) words.unshift(texts('problems', { count: problems.length }));
  return {
    state,
    count: state === 'needs-you' ? (facts?.status.needsYou ?? 0) : 0,
    tooltip: cut([texts('name'), ...words].join(' · '), TOOLTIP_LENGTH),
    menu: [
      ...problems.slice(0, PROBLEMS_SHOWN).map((problem, index) => problemEntry(problem, index, locale)),
      ...summary,
      ...(facts === null || stopped(facts) ? [] : [open('normal', texts('normal'), 'kill-switch')]),
      { kind: 'separator' },
      open('open', texts('open'), null),
      open('activity', texts('activity'), 'activity'),
      open('board', texts('board'), 'board'),
      open('messages', texts('messages'), 'messages'),
      open('locks', texts('locks'), 'locks'),
      // The page asks for a reason and a typed word, and the call itself in a native dialog.
      ...(stopped(facts) ? [open('kill-switch', texts('killSwitch'), 'kill-switch')] : [open('stop-everything', texts('stopEverything'), 'kill-switch')]),
      { kind: 'separator' },
      { kind: 'action', id: 'copy-mcp-address', label: texts('copyMcpAddress'), action: { do: 'copy-mcp-address' } },
      { kind: 'action', id: 'open-logs', label: texts('openLogs'), action: { do: 'open-logs' } },
      { kind: 'separator' },
      ...(restartTo === null ? [] : [{ kind: 'action', id: 'restart-to-update', label: cut(texts('restartToUpdate', { version: restartTo }), LABEL_LENGTH), action: { do: 'restart-to-update' } } as const]),
      { kind: 'action', id: 'quit', label: workRuns(facts) ? texts('quitAsks') : texts('quit'), action: { do: 'quit' } },
    ],
  };
}

/** The work that is going on, each line leading to its page; empty when there is none. */
export function workLines(facts: ShellFacts, texts: Texts): readonly LabelledEntry[] {
  const locks = lockedResources(facts);
  return [
    ...(facts.status.working > 0 ? [open('tasks-running', texts('tasksRunning', { count: facts.status.working }), 'board')] : []),
    ...(facts.runsAtWork > 0 ? [open('runs-at-work', texts('runsAtWork', { count: facts.runsAtWork }), 'agents')] : []),
    ...(locks > 0 ? [open('locks-held', texts('locksHeld', { count: locks }), 'locks')] : []),
  ];
}

/** What is true now, most urgent first: never empty. */
function summaryOf(facts: ShellFacts, texts: Texts, now: number): readonly LabelledEntry[] {
  const { status } = facts;
  const lines: LabelledEntry[] = [];
  if (status.killSwitch === 'RECOVERING') lines.push(open('recovering', recoveryText(facts, texts, now), 'kill-switch'));
  else if (stopped(facts)) lines.push(open('stopped', texts('stopped'), 'kill-switch'));
  if (status.needsYou > 0) lines.push(open('needs-you', texts('needsYou', { count: status.needsYou }), needsPage(facts, now)));
  lines.push(...workLines(facts, texts));
  return lines.length > 0 || status.problems.length > 0 ? lines : [note('idle', texts('idle'))];
}

/** Where what waits for the person is decided; the overview when it is of more than one kind. */
function needsPage({ status, renewals }: ShellFacts, now: number): Page {
  const asked = renewals.filter(({ state, windowExpiresAt }) => state === 'open' && windowExpiresAt !== null && Date.parse(windowExpiresAt) > now).length;
  if (asked === 0) return 'messages';
  return asked === status.needsYou ? 'approvals' : 'overview';
}

function stopped(facts: ShellFacts | null): boolean {
  return facts !== null && (facts.status.state === 'locked' || facts.status.killSwitch !== 'NORMAL');
}

/** What is left of the wait as hh:mm:ss; only the page can say more about one whose record is damaged. */
function recoveryText({ killSwitch }: ShellFacts, texts: Texts, now: number): string {
  if (killSwitch.recoveryEligibleAt === null) return texts('stopped');
  const left = Math.ceil((Date.parse(killSwitch.recoveryEligibleAt) - now) / 1000);
  if (left <= 0) return texts('recoveryDue');
  const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  return texts('recovering', { left: parts.map((part) => String(part).padStart(2, '0')).join(':') });
}

function problemEntry(problem: HealthProblem, index: number, locale: Locale): LabelledEntry {
  return open(`problem-${index + 1}`, cut(`⚠ ${problemText(problem, locale)}`, LABEL_LENGTH), 'overview');
}

function note(id: string, label: string): LabelledEntry {
  return { kind: 'note', id, label };
}

function open(id: string, label: string, page: Page | null): LabelledEntry {
  return { kind: 'action', id, label, action: { do: 'open', page } };
}

/** One line of bounded length. */
function cut(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
