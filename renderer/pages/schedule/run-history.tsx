import { useEffect, useState } from 'react';
import type { CallResult, ScheduledTaskView, ScheduleRunView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { BriefTime } from '../../components/time.tsx';
import { useCall, useLanguage, type Language } from '../../services.tsx';
import { RunPill } from './schedule-marks.tsx';
import css from './schedule.module.css';

const PAGE = 20;
/** The most that the core lists at once. */
const MOST = 500;
const SECOND = 1000;

/** The run log of a task; read anew whenever something happens to it. */
export function RunHistory({ task }: { readonly task: ScheduledTaskView }) {
  const { t } = useLanguage();
  const call = useCall();
  const [limit, setLimit] = useState(PAGE);
  const [found, setFound] = useState<CallResult<'schedule.runs'> | null>(null);
  const { id, lastRun, underWay } = task;
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await call('schedule.runs', { task: id, limit }, t('schedule.historyFailed'));
      if (wanted && answer.ok) setFound(answer.result);
    };
    void load();
    return () => {
      wanted = false;
    };
    // A changed last run is what makes the list old.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [call, t, id, limit, lastRun, underWay]);
  if (found === null) return null;
  if (found.runs.length === 0) return <p className={css['faint']}>{t('schedule.noRuns')}</p>;
  return (
    <>
      <ol className={css['runs']}>
        {found.runs.map((run) => (
          <RunEntry key={run.id} run={run} />
        ))}
      </ol>
      {found.has_more && limit < MOST && (
        <Button size="small" kind="quiet" onClick={() => setLimit(Math.min(MOST, limit + 4 * PAGE))}>
          {t('schedule.earlier')}
        </Button>
      )}
    </>
  );
}

function RunEntry({ run }: { readonly run: ScheduleRunView }) {
  const language = useLanguage();
  const { t, own } = language;
  const text = run.error === null ? run.result : own(run.error);
  return (
    <li>
      <div className={css['runLine']}>
        <RunPill status={run.status} />
        <BriefTime time={run.startedAt ?? run.dueAt} />
        {run.cause !== 'due' && run.status !== 'skipped' && <span className={css['faint']}>{t(`schedule.causes.${run.cause}`)}</span>}
        {run.slots > 1 && <span className={css['faint']}>{t('schedule.slots', { count: run.slots })}</span>}
        {run.durationMs !== null && <span className={css['duration']}>{durationText(run.durationMs, language)}</span>}
      </div>
      {text !== null && <p className={run.error === null ? css['result'] : css['fault']}>{text}</p>}
    </li>
  );
}

/** Short runs to a tenth of a second, longer ones as a clock. */
function durationText(ms: number, { t, format }: Language): string {
  return ms < 60 * SECOND ? `${format.number(Math.round(ms / 100) / 10)} ${t('schedule.seconds')}` : format.countdown(ms);
}
