import { useLayoutEffect } from 'react';
import { useRunOutput } from '../../components/use-run-output.ts';
import { pathTo } from '../../router.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { isLive } from '../../state/groups.ts';
import { turnOutput } from '../../state/run-output.ts';
import css from './chat.module.css';

interface ChatWorkProps {
  readonly group: string;
  /** It became larger or smaller. */
  readonly onResize: () => void;
}

/** That the agent works, and the end of what it prints until its answer takes that place. */
export function ChatWork({ group, onResize }: ChatWorkProps) {
  const { t } = useLanguage();
  const run = useSnapshot(({ runs }) => runs.find((each) => each.groupId === group && isLive(each))?.id ?? null);
  return (
    <div>
      <p className={css['typing']} role="status">
        <span className={css['dots']} aria-hidden>
          <i />
          <i />
          <i />
        </span>
        {t('chat.working')}
        {run !== null && (
          <a className={css['whole']} href={pathTo('agents', group)}>
            {t('chat.wholeOutput')}
          </a>
        )}
      </p>
      {run !== null && <Printed run={run} onResize={onResize} />}
    </div>
  );
}

function Printed({ run, onResize }: { readonly run: string; readonly onResize: () => void }) {
  const { t } = useLanguage();
  const text = turnOutput(useRunOutput(run));
  useLayoutEffect(onResize, [onResize, text]);
  if (text === '') return null;
  return (
    // Not read out: it changes many times in a second.
    <div className={css['printed']} role="log" aria-live="off" aria-label={t('agents.output')}>
      <p>{text}</p>
    </div>
  );
}
