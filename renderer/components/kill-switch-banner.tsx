import { OctagonX } from 'lucide-react';
import { pathTo, useRoute } from '../router.ts';
import { useLanguage, useSnapshot } from '../services.tsx';
import { clockText } from '../state/kill-switch.ts';
import { useKillSwitch } from './use-kill-switch.ts';
import css from './kill-switch-banner.module.css';

/** Says on every page that nothing can act, and where to change that. */
export function KillSwitchBanner() {
  const { t } = useLanguage();
  const { page } = useRoute();
  const on = useSnapshot((snapshot) => snapshot.killSwitch.state !== 'NORMAL');
  return (
    <div role="status">
      {on && (
        <p className={css['banner']}>
          <OctagonX size={16} aria-hidden />
          <Words />
          {page !== 'kill-switch' && <a href={pathTo('kill-switch')}>{t('killSwitch.open')}</a>}
        </p>
      )}
    </div>
  );
}

function Words() {
  const { t } = useLanguage();
  const { step, leftMs } = useKillSwitch();
  if (step === 'finish') return <span>{t('killSwitch.banner.due')}</span>;
  if (step !== 'wait' || leftMs === null) return <span>{t('killSwitch.banner.on')}</span>;
  return (
    <span>
      {t('killSwitch.banner.recovering')} <LeftTime ms={leftMs} />
    </span>
  );
}

/** A running countdown that is not read out every second. */
export function LeftTime({ ms }: { readonly ms: number }) {
  return (
    <span role="timer" aria-live="off" className={css['left']}>
      {clockText(ms)}
    </span>
  );
}
