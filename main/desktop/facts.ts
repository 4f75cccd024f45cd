import type { GroupView, KillSwitchView, Lease, LiveEvent, RenewalView, RunView, ScheduledTaskView, SchedulePatch, SessionView, StatusView, UiSettings } from '../../preload/contract.ts';

/** The part of the core's snapshot that the shell itself acts on: tray, quit question, confirmations, theme. */
export interface ShellFacts {
  readonly status: StatusView;
  readonly killSwitch: KillSwitchView;
  readonly locks: readonly Lease[];
  readonly sessions: readonly SessionView[];
  readonly renewals: readonly RenewalView[];
  /** What is asked about before it is cancelled. */
  readonly schedule: readonly Pick<ScheduledTaskView, 'id' | 'prompt'>[];
  readonly groups: readonly Pick<GroupView, 'id' | 'name' | 'folder'>[];
  /** How many agents of groups are at work; those that only wait for more are not. */
  readonly runsAtWork: number;
  readonly settings: UiSettings;
}

/** The facts after a live event; the very same object when nothing in them has changed. */
export function nextFacts(facts: ShellFacts | null, event: LiveEvent): ShellFacts | null {
  switch (event.type) {
    case 'navigate':
    case 'output':
      return facts;
    case 'snapshot': {
      const { status, killSwitch, locks, sessions, renewals, schedule, groups, runs, settings } = event.snapshot;
      return { status, killSwitch, locks, sessions, renewals, schedule, groups, runsAtWork: atWork(runs), settings };
    }
    case 'patch': {
      const { status, killSwitch, locks, sessions, renewals, schedulePatch, groups, runs, settings } = event.patch;
      if (facts === null || (status ?? killSwitch ?? locks ?? sessions ?? renewals ?? schedulePatch ?? groups ?? runs ?? settings) === undefined) return facts;
      return {
        status: status ?? facts.status,
        killSwitch: killSwitch ?? facts.killSwitch,
        locks: locks ?? facts.locks,
        sessions: sessions ?? facts.sessions,
        renewals: renewals ?? facts.renewals,
        schedule: schedulePatch === undefined ? facts.schedule : changed(facts.schedule, schedulePatch),
        groups: groups ?? facts.groups,
        runsAtWork: runs === undefined ? facts.runsAtWork : atWork(runs),
        settings: settings ?? facts.settings,
      };
    }
  }
}

function atWork(runs: readonly RunView[]): number {
  return runs.filter(({ state, idle }) => (state === 'starting' || state === 'running') && !idle).length;
}

function changed(tasks: ShellFacts['schedule'], patch: SchedulePatch): ShellFacts['schedule'] {
  const byId = new Map([...tasks, ...patch.changed].map((task) => [task.id, task]));
  for (const id of patch.gone) byId.delete(id);
  return [...byId.values()];
}

/** Resources that somebody holds; a shared lock with three holders is one. */
export function lockedResources(facts: ShellFacts): number {
  return new Set(facts.locks.map((lease) => lease.resource)).size;
}

/** Whether quitting would interrupt an agent: a claimed task, a held lock, or a run. */
export function workRuns(facts: ShellFacts | null): boolean {
  return facts !== null && (facts.status.working > 0 || facts.locks.length > 0 || facts.runsAtWork > 0);
}
