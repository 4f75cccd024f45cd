import type { KillSwitchView, Lease, LiveEvent, RenewalView, SessionView, StatusView, UiSettings } from '../../preload/contract.ts';

/** The part of the core's snapshot that the shell itself acts on: tray, quit question, confirmations, theme. */
export interface ShellFacts {
  readonly status: StatusView;
  readonly killSwitch: KillSwitchView;
  readonly locks: readonly Lease[];
  readonly sessions: readonly SessionView[];
  readonly renewals: readonly RenewalView[];
  readonly settings: UiSettings;
}

/** The facts after a live event; the very same object when nothing in them has changed. */
export function nextFacts(facts: ShellFacts | null, event: LiveEvent): ShellFacts | null {
  switch (event.type) {
    case 'navigate':
      return facts;
    case 'snapshot': {
      const { status, killSwitch, locks, sessions, renewals, settings } = event.snapshot;
      return { status, killSwitch, locks, sessions, renewals, settings };
    }
    case 'patch': {
      const { status, killSwitch, locks, sessions, renewals, settings } = event.patch;
      if (facts === null || (status ?? killSwitch ?? locks ?? sessions ?? renewals ?? settings) === undefined) return facts;
      return {
        status: status ?? facts.status,
        killSwitch: killSwitch ?? facts.killSwitch,
        locks: locks ?? facts.locks,
        sessions: sessions ?? facts.sessions,
        renewals: renewals ?? facts.renewals,
        settings: settings ?? facts.settings,
      };
    }
  }
}

/** Resources that somebody holds; a shared lock with three holders is one. */
export function lockedResources(facts: ShellFacts): number {
  return new Set(facts.locks.map((lease) => lease.resource)).size;
}

/** Whether quitting would interrupt an agent: a claimed task or a held lock. */
export function workRuns(facts: ShellFacts | null): boolean {
  return facts !== null && (facts.status.working > 0 || facts.locks.length > 0);
}
