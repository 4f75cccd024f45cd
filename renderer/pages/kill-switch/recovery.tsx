import { useRef, useState, type SubmitEvent } from 'react';
import type { KillSwitchView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { LeftTime } from '../../components/kill-switch-banner.tsx';
import { BriefTime } from '../../components/time.tsx';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { waitText, type KillSwitchStep } from '../../state/kill-switch.ts';
import { OwnerSignature, type OwnerConsent } from './owner-signature.tsx';
import { PasswordField, takePassword } from '../../components/password-field.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { useSubmit } from '../../components/use-submit.ts';
import form from '../../components/form.module.css';
import css from './kill-switch.module.css';

const NO_CONSENT: OwnerConsent = { proof: null, withoutOwner: false };

/** The first step out: the password, the signature of an owner where there is one, and then a wait. */
export function BeginRecovery({ view }: { readonly view: KillSwitchView }) {
  const { t, locale } = useLanguage();
  const { busy, problem, send } = useSubmit('killSwitch.recover');
  const password = useRef<HTMLInputElement>(null);
  const [{ proof, withoutOwner }, setConsent] = useState(NO_CONSENT);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    await send({ master_password: takePassword(password), ...(proof !== null && { proof }), ...(withoutOwner && { without_owner: true }) });
    password.current?.focus();
  };
  return (
    <section className={css['panel']} aria-labelledby="begin-title">
      <h2 id="begin-title">{t('killSwitch.begin.title')}</h2>
      <p>{t('killSwitch.begin.text', { wait: waitText(view.waitSeconds, locale) })}</p>
      <form className={form['form']} onSubmit={(event) => void submit(event)}>
        {view.hasOwner && <OwnerSignature onChange={setConsent} />}
        <PasswordField label={t('killSwitch.password.label')} input={password} />
        <ProblemLine problem={problem} />
        <Button kind="primary" type="submit" disabled={busy || (view.hasOwner && proof === null && !withoutOwner)}>
          {t('killSwitch.begin.confirm')}
        </Button>
      </form>
    </section>
  );
}

interface UnderWayProps {
  readonly view: KillSwitchView;
  readonly step: Extract<KillSwitchStep, 'wait' | 'finish' | 'damaged' | 'set-password'>;
  readonly leftMs: number | null;
}

/** The wait, then the second step; it can be cancelled at any time. */
export function RecoveryUnderWay({ view, step, leftMs }: UnderWayProps) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const { busy, problem, send } = useSubmit('killSwitch.recover');
  const password = useRef<HTMLInputElement>(null);
  const finish = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const result = await send({ master_password: takePassword(password) });
    if (result?.status === 'NORMAL') {
      toasts.getState().show({ tone: 'done', title: t('killSwitch.finish.done'), text: t('killSwitch.finish.doneText', { count: result.agentsReactivated }) });
    } else password.current?.focus();
  };
  return (
    <section className={css['panel']} aria-labelledby="recovery-title">
      <h2 id="recovery-title">{t('killSwitch.recovery.title')}</h2>
      {step === 'damaged' ? (
        <p>{t('killSwitch.recovery.damaged')}</p>
      ) : (
        <>
          <p className={css['countdown']}>
            <LeftTime ms={leftMs ?? 0} />
          </p>
          <p>
            {t(step === 'wait' ? 'killSwitch.recovery.waiting' : 'killSwitch.recovery.over')}{' '}
            {view.recoveryEligibleAt !== null && step === 'wait' && <BriefTime time={view.recoveryEligibleAt} />}
          </p>
        </>
      )}
      <form className={form['form']} onSubmit={(event) => void finish(event)}>
        {step === 'finish' && <PasswordField label={t('killSwitch.password.label')} input={password} />}
        <ProblemLine problem={problem} />
        <div className={css['row']}>
          {step !== 'damaged' && (
            <Button kind="primary" type="submit" disabled={busy || step !== 'finish'}>
              {t('killSwitch.finish.confirm')}
            </Button>
          )}
          <Button disabled={busy} onClick={() => void call('killSwitch.cancelRecovery', {}, t('killSwitch.cancel.failed'))}>
            {t('killSwitch.cancel.confirm')}
          </Button>
        </div>
      </form>
      <p className={css['faint']}>{t('killSwitch.cancel.text')}</p>
    </section>
  );
}
