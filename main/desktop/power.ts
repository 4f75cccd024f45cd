import type { PowerMonitor } from 'electron';
import type { Log } from '../base/log.ts';

/** Deadlines passed while the machine slept: the core looks at them when it wakes. */
export function watchPower(powerMonitor: Pick<PowerMonitor, 'on'>, core: { resume(): void }, log: Log): void {
  powerMonitor.on('suspend', () => log.info('the machine goes to sleep'));
  powerMonitor.on('resume', () => {
    log.info('the machine woke up');
    core.resume();
  });
}
