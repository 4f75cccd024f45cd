import { useEffect, useState } from 'react';
import { ArrowLeft } from 'lucide-react';
import type { CallResult, GroupView, RunView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { Mono } from '../../components/marks.tsx';
import { RelativeTime, useNow } from '../../components/time.tsx';
import { useLanguage, useServices } from '../../services.tsx';
import { runSeconds } from '../../state/groups.ts';
import { RunStatePill } from './run-state-pill.tsx';
import css from './agents.module.css';

interface RunDetailProps {
  readonly runId: string;
  readonly group: GroupView;
  readonly onClose: () => void;
}

/** One run of the past with its log. */
export function RunDetail({ runId, group, onClose }: RunDetailProps) {
  const { t, own } = useLanguage();
  const { bridge } = useServices();
  const [run, setRun] = useState<RunView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      const answer = await bridge.call('runs.get', { run: runId });
      if (gone) return;
      if (answer.ok) setRun(answer.result.run);
      else setProblem(answer.error.message);
    };
    void ask();
    return () => {
      gone = true;
    };
  }, [bridge, runId]);
  return (
    <DetailPane
      label={t('agents.runLabel', { name: group.name })}
      onClose={onClose}
      title={t('agents.runLabel', { name: group.name })}
      tools={
        <Button size="small" kind="quiet" icon={ArrowLeft} onClick={onClose}>
          {t('agents.back')}
        </Button>
      }
    >
      {problem !== null && <p className={css['problem']}>{own(problem)}</p>}
      {run !== null && <RunFacts run={run} />}
      {run?.hasLog === true && <RunLog runId={runId} />}
    </DetailPane>
  );
}

function RunFacts({ run }: { readonly run: RunView }) {
  const { t, format, own } = useLanguage();
  const seconds = runSeconds(run, useNow(10_000));
  return (
    <Facts>
      <Fact label={t('agents.stateLabel')}>
        <RunStatePill run={run} />
      </Fact>
      {run.cause !== null && <Fact label={t('agents.causeLabel')}>{t(`agents.cause.${run.cause}`)}</Fact>}
      {run.error !== null && <Fact label={t('agents.error')}>{own(run.error)}</Fact>}
      <Fact label={t('agents.kindLabel')}>{t(`agents.kind.${run.kind}`)}</Fact>
      {run.prompt !== null && (
        <Fact label={t('agents.promptLabel')}>
          <span className={css['text']}>{run.prompt}</span>
        </Fact>
      )}
      {run.result !== null && (
        <Fact label={t('agents.resultLabel')}>
          <span className={css['text']}>{run.result}</span>
        </Fact>
      )}
      <Fact label={t('agents.sentLabel')}>{format.number(run.sent)}</Fact>
      <Fact label={t('agents.attemptLabel')}>{format.number(run.attempt)}</Fact>
      {run.startedAt !== null && (
        <Fact label={t('agents.started')}>
          <RelativeTime time={run.startedAt} />
        </Fact>
      )}
      {seconds !== null && <Fact label={t('agents.took')}>{t('agents.seconds', { n: format.number(seconds) })}</Fact>}
      {run.exitCode !== null && <Fact label={t('agents.exitCode')}>{format.number(run.exitCode)}</Fact>}
      {run.containerName !== null && (
        <Fact label={t('agents.container')}>
          <Mono>{run.containerName}</Mono>
        </Fact>
      )}
      <Fact label={t('agents.runId')}>
        <Mono>{run.id}</Mono>
      </Fact>
    </Facts>
  );
}

function RunLog({ runId }: { readonly runId: string }) {
  const { t, own } = useLanguage();
  const { bridge } = useServices();
  const [log, setLog] = useState<CallResult<'runs.log'> | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      const answer = await bridge.call('runs.log', { run: runId });
      if (gone) return;
      if (answer.ok) setLog(answer.result);
      else setProblem(answer.error.message);
    };
    void ask();
    return () => {
      gone = true;
    };
  }, [bridge, runId]);
  return (
    <Section title={t('agents.log')}>
      {problem !== null && <p className={css['problem']}>{own(problem)}</p>}
      {log !== null && (
        <>
          {log.truncated && <p className={css['soft']}>{t('agents.logCut', { file: log.file })}</p>}
          {/* A box that scrolls is reached by the keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={css['output']} tabIndex={0}>
            {log.text}
          </pre>
        </>
      )}
    </Section>
  );
}
