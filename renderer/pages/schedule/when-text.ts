import type { ScheduledTaskView } from '../../../preload/contract.ts';
import type { Language } from '../../services.tsx';
import { intervalOf } from '../../state/schedule.ts';
import type { CronWords } from './use-cron-words.ts';

/** When a task runs, in words; a cron line that has none stands for itself. */
export function whenText({ kind, value }: Pick<ScheduledTaskView, 'kind' | 'value'>, words: CronWords, { t }: Language): string {
  switch (kind) {
    case 'cron':
      return words(value) ?? value;
    case 'interval': {
      const { n, unit } = intervalOf(value);
      return t(`schedule.every.${unit}`, { count: n });
    }
    case 'once':
      return t('schedule.onceAt', { time: value.replace('T', ' ') });
  }
}
