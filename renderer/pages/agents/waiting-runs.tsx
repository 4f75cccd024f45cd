import { X } from 'lucide-react';
import type { RunView } from '../../../preload/contract.ts';
import { IconButton } from '../../components/button.tsx';
import { Section } from '../../components/facts.tsx';
import { Deadline, RelativeTime } from '../../components/time.tsx';
import { useCall, useLanguage } from '../../services.tsx';
import css from './agents.module.css';

/** What waits for the agent, and why it does. */
export function WaitingRuns({ runs }: { readonly runs: readonly RunView[] }) {
  const { t } = useLanguage();
  const call = useCall();
  return (
    <Section title={t('agents.queue')}>
      <ul className={css['runs']}>
        {runs.map((run) => (
          <li key={run.id}>
            <span className={css['what']}>
              {run.kind === 'task' ? (run.prompt ?? t('agents.kind.task')) : t('agents.kind.messages')}
              {run.attempt > 1 && <span className={css['soft']}> · {t('agents.attempt', { n: String(run.attempt) })}</span>}
            </span>
            <span className={css['soft']}>
              {run.waitReason === null ? t('agents.startsNow') : t(`agents.wait.${run.waitReason}`)}{' '}
              {run.waitReason === 'retry' ? <Deadline time={run.notBefore} /> : <RelativeTime time={run.queuedAt} />}
            </span>
            <IconButton icon={X} label={t('agents.cancelWaiting')} onClick={() => void call('runs.abort', { run: run.id }, t('agents.abortFailed'))} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
