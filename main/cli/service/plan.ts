import type { ServiceFacts, ServicePlan } from './definition.ts';
import { launchAgent } from './launchd.ts';
import { scheduledTask } from './windows-task.ts';
import { userUnit } from './systemd.ts';

/** The plan for a system; null for one without a known service manager. */
export function servicePlan(platform: NodeJS.Platform, facts: ServiceFacts, environmentFile: string): ServicePlan | null {
  switch (platform) {
    case 'linux':
      return userUnit(facts, environmentFile);
    case 'darwin':
      return launchAgent(facts, environmentFile);
    case 'win32':
      return scheduledTask(facts, environmentFile);
    default:
      return null;
  }
}
