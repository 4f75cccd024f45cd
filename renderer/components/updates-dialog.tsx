import { useEffect, useState } from 'react';
import type { UpdatesView } from '../../preload/contract.ts';
import { useCall, useLanguage, useServices } from '../services.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Fact, Facts } from './facts.tsx';
import { ProblemLine } from './problem-line.tsx';
import { RelativeTime } from './time.tsx';

/** How often a download is looked at while somebody watches it. */
const LOOK_MS = 1_000;

/** Which version runs, what the last look for a newer one found, and what the person can do about it. */
export function UpdatesDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, find } = useLanguage();
  const { bridge, ticker } = useServices();
  const call = useCall();
  const [view, setView] = useState<UpdatesView | null>(null);
  const [busy, setBusy] = useState(false);
  const moving = view === null || view.state === 'downloading';

  useEffect(() => {
    if (!moving) return undefined;
    const look = (): void => void bridge.call('updates.get', {}).then((answer) => answer.ok && setView(answer.result));
    look();
    return ticker.subscribe(LOOK_MS, look);
  }, [bridge, ticker, moving]);

  if (view === null) return null;
  const check = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('updates.check', {}, t('updates.checkFailed'));
    if (answer.ok) setView(answer.result);
    setBusy(false);
  };
  const { state, version, latest, lookedAt, feed, obstacle, problem } = view;
  return (
    <Dialog
      title={t('updates.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.close')}</Button>
          <Button kind={state === 'ready' ? 'plain' : 'primary'} disabled={busy || state === 'off'} onClick={() => void check()}>
            {t(busy ? 'updates.checking' : 'updates.check')}
          </Button>
          {state === 'ready' && (
            <Button kind="primary" onClick={() => void call('updates.restart', {}, t('updates.restartFailed'))}>
              {t('updates.restart')}
            </Button>
          )}
        </>
      }
    >
      <p role="status">{t(`updates.states.${state}`, { latest: latest ?? '' })}</p>
      {state === 'available' && obstacle !== null && <p>{t(`updates.obstacles.${obstacle}`)}</p>}
      <Facts>
        <Fact label={t('updates.version')}>{version}</Fact>
        {feed !== null && <Fact label={t('updates.feed')}>{feed}</Fact>}
        {feed !== null && <Fact label={t('updates.lookedAt')}>{lookedAt === null ? t('updates.never') : <RelativeTime time={lookedAt} />}</Fact>}
      </Facts>
      <ProblemLine problem={problem && { code: problem.code, text: find(`updates.problems.${problem.code}`, {}) ?? problem.message }} />
    </Dialog>
  );
}
