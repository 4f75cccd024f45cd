import { useState, type FormEvent } from 'react';
import { CircleStop, CornerDownLeft } from 'lucide-react';
import type { RunView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/facts.tsx';
import { TextInput } from '../../components/field.tsx';
import { Mono } from '../../components/marks.tsx';
import { useNow } from '../../components/time.tsx';
import { useRunOutput } from '../../components/use-run-output.ts';
import { useCall, useLanguage } from '../../services.tsx';
import { runSeconds } from '../../state/groups.ts';
import { RunOutput } from './run-output.tsx';
import { RunStatePill } from './run-state-pill.tsx';
import css from './agents.module.css';

/** A live run: what it prints, a word to it, and its end. */
export function LiveRun({ run }: { readonly run: RunView }) {
  const { t, format } = useLanguage();
  const call = useCall();
  const now = useNow(1_000);
  const chunks = useRunOutput(run.id);
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const [stopping, setStopping] = useState(false);
  const tell = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (text.trim() === '' || sending) return;
    setSending(true);
    const answer = await call('runs.tell', { run: run.id, text: text.trim() }, t('agents.tellFailed'));
    setSending(false);
    if (answer.ok) setText('');
  };
  const stop = async (): Promise<void> => {
    setStopping(true);
    await call('runs.abort', { run: run.id }, t('agents.abortFailed'));
    setStopping(false);
  };
  const seconds = runSeconds(run, now);
  return (
    <Section title={t('agents.runsNow')}>
      <div className={css['stack']}>
        <div className={css['runHead']}>
          <RunStatePill run={run} />
          {run.containerName !== null ? <Mono>{run.containerName}</Mono> : run.pid !== null && <Mono>{t('agents.process', { pid: String(run.pid) })}</Mono>}
          {seconds !== null && <span className={css['soft']}>{format.countdown(seconds * 1000)}</span>}
          <Button size="small" kind="danger" icon={CircleStop} className={css['push']} disabled={stopping} onClick={() => void stop()}>
            {t('agents.abort')}
          </Button>
        </div>
        {run.prompt !== null && run.kind === 'task' && <p className={css['prompt']}>{run.prompt}</p>}
        <RunOutput chunks={chunks} />
        {!run.closing && (
          <form className={css['tell']} onSubmit={(event) => void tell(event)}>
            <TextInput aria-label={t('agents.tell')} placeholder={t('agents.tellHint')} maxLength={8000} value={text} onChange={(event) => setText(event.target.value)} />
            <Button type="submit" icon={CornerDownLeft} disabled={text.trim() === '' || sending}>
              {t('agents.tellSend')}
            </Button>
          </form>
        )}
      </div>
    </Section>
  );
}
