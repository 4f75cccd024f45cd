import { useMemo, useState } from 'react';
import { Ban, Hourglass, OctagonX, ShieldCheck } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { Page } from '../../components/page.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useKillSwitch } from '../../components/use-kill-switch.ts';
import type { KillSwitchView } from '../../../preload/contract.ts';
import { useLanguage, useSnapshot } from '../../services.tsx';
import { waitText, whatStopped, whatStops } from '../../state/kill-switch.ts';
import { ActivateDialog } from './activate-dialog.tsx';
import { ChangePassword } from './change-password.tsx';
import { BeginRecovery, RecoveryUnderWay } from './recovery.tsx';
import { SetPassword } from './set-password.tsx';
import css from './kill-switch.module.css';

const SIGNS = { NORMAL: ShieldCheck, ACTIVATED: OctagonX, RECOVERING: Hourglass } as const;

/** One gesture that stops everything, and the way back. */
export function KillSwitchPage() {
  const { t } = useLanguage();
  const { view, step, leftMs } = useKillSwitch();
  const Sign = SIGNS[view.state];
  return (
    <Page title={t('nav.kill-switch')}>
      <div className={css['scroll']}>
        <div className={css['column']}>
          <section className={css['state']} data-state={view.state} aria-labelledby="state-title">
            <Sign size={40} strokeWidth={1.5} aria-hidden />
            <div>
              <h2 id="state-title">{t(`killSwitch.state.${view.state}.title`)}</h2>
              <p>{t(`killSwitch.state.${view.state}.text`)}</p>
            </div>
          </section>
          {!view.masterPasswordSet && <SetPassword />}
          {view.state === 'NORMAL' ? <StopPanel view={view} /> : <StoppedPanel view={view} />}
          {step === 'begin' && <BeginRecovery view={view} />}
          {view.state === 'RECOVERING' && step !== 'stop' && step !== 'begin' && <RecoveryUnderWay view={view} step={step} leftMs={leftMs} />}
          {view.masterPasswordSet && <ChangePassword />}
        </div>
      </div>
    </Page>
  );
}

/** What would end, in numbers, before it is done. */
function StopPanel({ view }: { readonly view: KillSwitchView }) {
  const { t, format, locale } = useLanguage();
  const agents = useSnapshot((snapshot) => snapshot.agents);
  const status = useSnapshot((snapshot) => snapshot.status);
  const locks = useSnapshot((snapshot) => snapshot.locks);
  const runs = useSnapshot((snapshot) => snapshot.runs);
  const stops = useMemo(() => whatStops({ agents, status, locks, runs }), [agents, status, locks, runs]);
  const [asking, setAsking] = useState(false);
  return (
    <section className={css['panel']} aria-labelledby="stop-title">
      <h2 id="stop-title">{t('killSwitch.stop.title')}</h2>
      <ul className={css['stops']}>
        {(['sessions', 'agents', 'runs', 'claims', 'locks'] as const).map((what) => (
          <li key={what}>
            <strong>{format.number(stops[what])}</strong>
            <span>{t(`killSwitch.stop.${what}`)}</span>
          </li>
        ))}
      </ul>
      <p>{t('killSwitch.stop.text')}</p>
      <p>{t(view.hasOwner ? 'killSwitch.stop.wayBackOwner' : 'killSwitch.stop.wayBack', { wait: waitText(view.waitSeconds, locale) })}</p>
      <Button kind="danger" icon={Ban} className={css['large']} onClick={() => setAsking(true)}>
        {t('killSwitch.stop.button')}
      </Button>
      {asking && <ActivateDialog onClose={() => setAsking(false)} />}
    </section>
  );
}

/** Since when, by whom, why, and what was ended. */
function StoppedPanel({ view }: { readonly view: KillSwitchView }) {
  const { t, find } = useLanguage();
  const events = useSnapshot((snapshot) => snapshot.events);
  const stopped = useMemo(() => whatStopped(events), [events]);
  return (
    <section className={css['panel']} aria-labelledby="stopped-title">
      <h2 id="stopped-title">{t('killSwitch.stopped.title')}</h2>
      <Facts>
        <Fact label={t('killSwitch.stopped.since')}>{view.activatedAt === null ? t('killSwitch.stopped.unknown') : <RelativeTime time={view.activatedAt} />}</Fact>
        <Fact label={t('killSwitch.stopped.by')}>{t(`killSwitch.stopped.actors.${view.actor ?? 'unknown'}`)}</Fact>
        <Fact label={t('common.reason')}>{view.reason ?? t('killSwitch.stopped.unknown')}</Fact>
        {stopped && (
          <Fact label={t('killSwitch.stopped.ended')}>
            {[
              t('killSwitch.stopped.sessions', { count: stopped.sessions }),
              t('killSwitch.stopped.agents', { count: stopped.agents }),
              ...Object.entries(stopped.cancelled).flatMap(([step, count]) => find(`killSwitch.stopped.cancelled.${step}`, { count }) ?? []),
            ].join(' · ')}
          </Fact>
        )}
      </Facts>
    </section>
  );
}
