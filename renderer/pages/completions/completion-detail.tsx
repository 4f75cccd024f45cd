import { useEffect, useState } from 'react';
import { BellRing } from 'lucide-react';
import type { CallResult, CompletionView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { Mono, Tag } from '../../components/marks.tsx';
import { Deadline, RelativeTime } from '../../components/time.tsx';
import { pathTo } from '../../router.ts';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { isOpen } from '../../state/completions.ts';
import { AckButton } from './ack-button.tsx';
import { CompletionStatePill } from './completion-state-pill.tsx';
import { Notices } from './notices.tsx';
import { Report } from './report.tsx';
import css from './completions.module.css';

interface CompletionDetailProps {
  readonly completion: CompletionView;
  readonly onClose: () => void;
}

export function CompletionDetail({ completion, onClose }: CompletionDetailProps) {
  const { t } = useLanguage();
  const { task, team, times, summary, report, folder, state } = completion;
  return (
    <DetailPane
      label={t('completion.label', { task })}
      onClose={onClose}
      footer={
        isOpen(completion) && (
          <div className={css['buttons']}>
            <AckButton completion={completion} primary />
            <TellAgain completion={completion} />
          </div>
        )
      }
      title={
        <span className={css['inline']}>
          <span className={css['task']}>{task}</span>
          {times > 1 && <Tag title={t('completion.timesTitle', { n: times })}>{t('completion.times', { n: times })}</Tag>}
        </span>
      }
    >
      {summary !== null && <p className={css['summary']}>{summary}</p>}
      {report !== null && <Report completion={completion} report={report} />}
      <Facts>
        <Fact label={t('completion.state')}>
          <CompletionStatePill completion={completion} />
        </Fact>
        {team !== null && <Fact label={t('completion.team')}>{team}</Fact>}
        <Times completion={completion} />
        <Fact label={t('completion.folder')}>
          <Mono>{folder}</Mono>
        </Fact>
      </Facts>
      {completion.supersededBy !== null && (
        <p className={css['note']}>
          {t('completion.superseded')} <a href={pathTo('completions', String(completion.supersededBy), { state: 'all' })}>{t('completion.supersededShow')}</a>
        </p>
      )}
      <Told completion={completion} />
      {state !== 'archived' && <p className={css['end']}>{t(state === 'acked' ? 'completion.archiveHint' : 'completion.ackHint')}</p>}
    </DetailPane>
  );
}

function Times({ completion }: { readonly completion: CompletionView }) {
  const { t } = useLanguage();
  const { finishedAt, seenAt, notifiedAt, escalatedAt, escalatesAt, ackedAt, ackedBy, archivedAt } = completion;
  return (
    <>
      <Fact label={t('completion.finished')}>
        <RelativeTime time={finishedAt} />
      </Fact>
      <Fact label={t('completion.seen')}>
        <RelativeTime time={seenAt} />
      </Fact>
      <Fact label={t('completion.notified')}>{notifiedAt === null ? t('completion.notYet') : <RelativeTime time={notifiedAt} />}</Fact>
      {(escalatedAt !== null || escalatesAt !== null) && (
        <Fact label={t(escalatedAt === null ? 'completion.escalates' : 'completion.escalated')}>
          <Deadline time={escalatedAt ?? escalatesAt ?? ''} />
        </Fact>
      )}
      {ackedAt !== null && (
        <Fact label={t('completion.acked')}>
          <RelativeTime time={ackedAt} /> {ackedBy === 'file' && <span className={css['faint']}>{t('completion.ackedByFile')}</span>}
        </Fact>
      )}
      {archivedAt !== null && (
        <Fact label={t('completion.archived')}>
          <RelativeTime time={archivedAt} />
        </Fact>
      )}
    </>
  );
}

/** What was told about it; read anew whenever it changes. */
function Told({ completion }: { readonly completion: CompletionView }) {
  const { t } = useLanguage();
  const call = useCall();
  const [found, setFound] = useState<CallResult<'completions.get'> | null>(null);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await call('completions.get', { completion_id: completion.id }, t('completion.loadFailed'));
      if (wanted && answer.ok) setFound(answer.result);
    };
    void load();
    return () => {
      wanted = false;
    };
    // Each of its changes is a new object; what was told changes with it.
  }, [call, t, completion]);
  if (found === null) return null;
  return (
    <Section title={t('completion.told')}>
      <Notices notices={found.notices} />
    </Section>
  );
}

function TellAgain({ completion: { id, task } }: { readonly completion: CompletionView }) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const tell = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('completions.resend', { completion_id: id }, t('completion.resendFailed', { task }));
    setBusy(false);
    if (answer.ok) toasts.getState().show({ tone: 'done', title: t('completion.resendDone', { task }) });
  };
  return (
    <Button icon={BellRing} disabled={busy} onClick={() => void tell()}>
      {t('completion.resend')}
    </Button>
  );
}
