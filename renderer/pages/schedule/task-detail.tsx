import { useEffect, useState } from 'react';
import { Pause, Pencil, Play, Trash2, Zap } from 'lucide-react';
import type { CallName, ScheduledTaskView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { DetailEnd, DetailPane } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { Deadline, RelativeTime } from '../../components/time.tsx';
import { useCall, useLanguage, useServices, type Language } from '../../services.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import { RunHistory } from './run-history.tsx';
import { TaskPill, titleOf } from './schedule-marks.tsx';
import type { CronWords } from './use-cron-words.ts';
import { whenText } from './when-text.ts';
import css from './schedule.module.css';

interface TaskDetailProps {
  readonly task: ScheduledTaskView;
  readonly words: CronWords;
  readonly onClose: () => void;
  readonly onEdit: () => void;
}

type Verb = 'run' | 'pause' | 'resume';

export function TaskDetail({ task, words, onClose, onEdit }: TaskDetailProps) {
  const language = useLanguage();
  const { t } = language;
  const { toasts } = useServices();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const [cancelling, setCancelling] = useState(false);
  const act = async (verb: Verb): Promise<void> => {
    setBusy(true);
    const answer = await call(`schedule.${verb}` satisfies CallName, { task: task.id }, t(`schedule.${verb}Failed`));
    setBusy(false);
    if (answer.ok) toasts.getState().show({ tone: 'done', title: t(`schedule.${verb}Done`) });
  };
  const title = titleOf(task);
  return (
    <DetailPane label={t('schedule.label', { title: title.slice(0, 60) })} title={<span className={css['cut']}>{title}</span>} onClose={onClose}>
      <div className={css['buttons']}>
        <Button icon={Zap} disabled={busy || task.underWay || task.groupName === null} onClick={() => void act('run')}>
          {t('schedule.run')}
        </Button>
        {task.status === 'active' && (
          <Button icon={Pause} disabled={busy} onClick={() => void act('pause')}>
            {t('schedule.pause')}
          </Button>
        )}
        {task.status === 'paused' && (
          <Button icon={Play} disabled={busy} onClick={() => void act('resume')}>
            {t('schedule.resume')}
          </Button>
        )}
        <Button icon={Pencil} kind="quiet" onClick={onEdit}>
          {t('common.edit')}
        </Button>
      </div>
      {task.pauseReason !== null && (
        <Callout tone="danger" className={css['problem']}>
          <p>{reasonOf(task, language)}</p>
        </Callout>
      )}
      <Facts>
        <Fact label={t('schedule.state')}>
          <TaskPill task={task} />
        </Fact>
        <Fact label={t('schedule.when')}>
          {whenText(task, words, language)}
          {task.kind === 'cron' && (
            <span className={css['below']}>
              <Mono>{task.value}</Mono>
            </span>
          )}
        </Fact>
        <Fact label={t('schedule.zone')}>
          {task.zone}
          {task.followsZone && <span className={css['below']}>{t('schedule.followsZone')}</span>}
        </Fact>
        {task.nextRun !== null && (
          <Fact label={t('schedule.next')}>
            <Deadline time={task.nextRun} />
            <NextRuns task={task} />
          </Fact>
        )}
        <Fact label={t('schedule.group')}>{task.groupName ?? t('schedule.groupGone')}</Fact>
        <Fact label={t('schedule.context')}>{t(`schedule.contexts.${task.contextMode}`)}</Fact>
        <Fact label={t('schedule.missed')}>{t(`schedule.missedPolicies.${task.missed}`)}</Fact>
        <Fact label={t('schedule.created')}>
          <RelativeTime time={task.createdAt} />
          <span className={css['below']}>{task.createdBy === null ? t('schedule.byYou') : t('schedule.byAgent', { group: task.createdBy })}</span>
        </Fact>
        <Fact label={t('schedule.id')}>
          <Mono>{task.id}</Mono>
        </Fact>
      </Facts>
      <Section title={t('schedule.prompt')}>
        <p className={css['prompt']}>{task.prompt}</p>
      </Section>
      <Section title={t('schedule.history')}>
        <RunHistory task={task} />
      </Section>
      <DetailEnd>
        <Button icon={Trash2} onClick={() => setCancelling(true)}>
          {t('schedule.cancel')}
        </Button>
        <p>{t('schedule.cancelHint')}</p>
      </DetailEnd>
      {cancelling && <CancelDialog task={task} onClose={() => setCancelling(false)} onCancelled={onClose} />}
    </DetailPane>
  );
}

/** Why it was paused: in the person's language where there are words for it. */
function reasonOf({ pausedBy, pauseReason, failures, groupName, lastRun }: ScheduledTaskView, { t, own }: Language): string {
  if (pausedBy === 'failures') return t('schedule.failedOften', { count: failures, why: own(lastRun?.error ?? '') });
  return groupName === null ? t('schedule.groupGoneReason') : own(pauseReason ?? '');
}

const COMING = 4;

/** The due times after the next one, on the clock of this machine. */
function NextRuns({ task }: { readonly task: ScheduledTaskView }) {
  const { bridge } = useServices();
  const { format } = useLanguage();
  const [next, setNext] = useState<readonly string[]>([]);
  const { kind, value, zone, nextRun } = task;
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      if (kind !== 'cron') return setNext([]);
      const answer = await bridge.call('schedule.preview', { kind, value, zone, count: COMING });
      if (wanted && answer.ok) setNext(answer.result.next);
    };
    void load();
    return () => {
      wanted = false;
    };
    // The next run moves on when the list of the coming ones is old.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [bridge, kind, value, zone, nextRun]);
  if (next.length === 0) return null;
  return (
    <ul className={css['coming']}>
      {next.map((at) => (
        <li key={at}>{format.exact(at)}</li>
      ))}
    </ul>
  );
}
