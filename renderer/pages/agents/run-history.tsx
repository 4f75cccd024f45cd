import { useEffect, useMemo, useState } from 'react';
import type { RunView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/facts.tsx';
import { RelativeTime, useNow } from '../../components/time.tsx';
import { setFilters } from '../../router.ts';
import { useCall, useLanguage, useServices, useSnapshot } from '../../services.tsx';
import { hasEnded, runSeconds } from '../../state/groups.ts';
import { RunStatePill } from './run-state-pill.tsx';
import css from './agents.module.css';

const PAGE = 20;

/** The runs of the group that have ended, the newest first; older ones are fetched. */
export function RunHistory({ groupId }: { readonly groupId: string }) {
  const { t, format } = useLanguage();
  const { bridge } = useServices();
  const call = useCall();
  const now = useNow(10_000);
  const runs = useSnapshot((snapshot) => snapshot.runs);
  const [older, setOlder] = useState<readonly RunView[]>([]);
  const [more, setMore] = useState(false);
  const shown = useMemo(() => {
    const newest = runs.filter((run) => run.groupId === groupId && hasEnded(run));
    const known = new Set(newest.map(({ id }) => id));
    return [...newest, ...older.filter(({ id }) => !known.has(id))];
  }, [runs, groupId, older]);
  // The snapshot holds the newest of all groups; this one may have been quiet for long.
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      const answer = await bridge.call('runs.list', { group: groupId, which: 'ended', limit: PAGE });
      if (gone || !answer.ok) return;
      setOlder(answer.result.runs);
      setMore(answer.result.has_more);
    };
    void ask();
    return () => {
      gone = true;
    };
  }, [bridge, groupId]);
  const fetchMore = async (): Promise<void> => {
    const last = shown.at(-1);
    if (last === undefined) return;
    const answer = await call('runs.list', { group: groupId, which: 'ended', before: last.id, limit: PAGE }, t('agents.historyFailed'));
    if (!answer.ok) return;
    setOlder((known) => [...known, ...answer.result.runs]);
    setMore(answer.result.has_more);
  };
  return (
    <Section title={t('agents.history')}>
      {shown.length === 0 ? (
        <p className={css['faint']}>{t('agents.neverRan')}</p>
      ) : (
        <ul className={css['runs']}>
          {shown.map((run) => {
            const seconds = runSeconds(run, now);
            return (
              <li key={run.id}>
                <RunStatePill run={run} />
                <button type="button" className={css['what']} onClick={() => setFilters({ run: run.id })}>
                  {run.kind === 'task' ? (run.prompt ?? t('agents.kind.task')) : t('agents.answered', { count: run.messages })}
                </button>
                <span className={css['soft']}>
                  {seconds !== null && `${t('agents.seconds', { n: format.number(seconds) })} · `}
                  <RelativeTime time={run.endedAt ?? run.queuedAt} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {more && (
        <Button size="small" kind="quiet" onClick={() => void fetchMore()}>
          {t('agents.older')}
        </Button>
      )}
    </Section>
  );
}
