import type { Guard } from '../access/guard.ts';
import type { KillSwitchState } from '../access/kill-switch-state.ts';
import type { HealthProblem, StatusView } from '../../preload/contract.ts';

/** Something that Wheelhouse cannot do without; `check` rejects when it does not work. */
export interface Dependency {
  readonly name: string;
  readonly check: () => Promise<unknown>;
}

export interface Health {
  readonly state: StatusView['state'];
  readonly killSwitch: KillSwitchState;
  /** ISO 8601; null unless the kill switch is on. */
  readonly activatedAt: string | null;
  readonly reason: string | null;
  readonly dependencies: Readonly<Record<string, 'ok' | 'failed'>>;
  readonly problems: readonly HealthProblem[];
}

/** Looks at every dependency now; never rejects. Locked outweighs degraded. */
export async function checkHealth(guard: Guard, dependencies: readonly Dependency[]): Promise<Health> {
  const found = await Promise.all(dependencies.map(probe));
  const problems = found.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  const { killSwitch, activatedAt, reason } = killSwitchIn(guard);
  return {
    state: killSwitch !== 'NORMAL' ? 'locked' : problems.length > 0 ? 'degraded' : 'ok',
    killSwitch,
    activatedAt,
    reason,
    dependencies: Object.fromEntries(found.map(({ name, problem }) => [name, problem === null ? 'ok' : 'failed'])),
    problems,
  };
}

async function probe({ name, check }: Dependency): Promise<{ readonly name: string; readonly problem: HealthProblem | null }> {
  try {
    await check();
    return { name, problem: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name, problem: { code: `${name.toUpperCase()}_FAILED`, message: `The ${name} does not work: ${why}` } };
  }
}

/** When even the database cannot be asked, nothing may act. */
function killSwitchIn(guard: Guard): Pick<Health, 'killSwitch' | 'activatedAt' | 'reason'> {
  try {
    return { killSwitch: guard.state(), ...guard.since() };
  } catch {
    return { killSwitch: 'ACTIVATED', activatedAt: null, reason: null };
  }
}
