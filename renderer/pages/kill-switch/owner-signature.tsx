import { useEffect, useState } from 'react';
import type { OwnerProof, OwnerView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Field, Select, TextArea } from '../../components/field.tsx';
import { BriefTime } from '../../components/time.tsx';
import { useLanguage, useServices } from '../../services.tsx';
import { ProblemLine } from './problem-line.tsx';
import { useSubmit } from './use-submit.ts';
import css from './kill-switch.module.css';

export interface OwnerConsent {
  readonly proof: OwnerProof | null;
  /** The long wait instead of a signature. */
  readonly withoutOwner: boolean;
}

interface OwnerSignatureProps {
  readonly onChange: (consent: OwnerConsent) => void;
}

/** The owners that have an address, each address once. */
function useOwners(): readonly OwnerView[] {
  const { bridge } = useServices();
  const [owners, setOwners] = useState<readonly OwnerView[]>([]);
  useEffect(() => {
    let here = true;
    const load = async (): Promise<void> => {
      const answer = await bridge.call('owners.list', {});
      if (!here || !answer.ok) return;
      const byAddress = new Map(answer.result.owners.flatMap((owner) => (owner.address === null ? [] : [[owner.address, owner] as const])));
      setOwners([...byAddress.values()]);
    };
    void load();
    return () => {
      here = false;
    };
  }, [bridge]);
  return owners;
}

/** Shows an owner the text to sign with their wallet, and takes the signature. */
export function OwnerSignature({ onChange }: OwnerSignatureProps) {
  const { t } = useLanguage();
  const owners = useOwners();
  const { busy, problem, send } = useSubmit('owners.challenge');
  const [address, setAddress] = useState('');
  const [challenge, setChallenge] = useState<Awaited<ReturnType<typeof send>>>(null);
  const [signature, setSignature] = useState('');
  const [withoutOwner, setWithoutOwner] = useState(false);
  const chosen = owners.find((owner) => owner.address === address) ?? owners[0];
  const mayGoWithout = owners.length > 0 && owners.every((owner) => owner.state !== 'LOCKED');
  const ask = async (): Promise<void> => {
    if (chosen === undefined || chosen.address === null) return;
    setSignature('');
    onChange({ proof: null, withoutOwner: false });
    setChallenge(await send({ address: chosen.address, ...(chosen.chain !== null && { chain: chosen.chain }), action: 'recover' }));
  };
  const sign = (typed: string): void => {
    setSignature(typed);
    if (challenge === null) return;
    const { expiresAt: _until, ...signed } = challenge;
    onChange({ proof: typed.trim() === '' ? null : { ...signed, signature: typed.trim() }, withoutOwner: false });
  };
  return (
    <fieldset className={css['owner']}>
      <legend>{t('killSwitch.owner.title')}</legend>
      <p>{t('killSwitch.owner.text')}</p>
      {!withoutOwner && owners.length > 0 && (
        <>
          <div className={css['row']}>
            <Select
              aria-label={t('killSwitch.owner.address')}
              value={chosen?.address ?? ''}
              options={owners.map((owner) => ({ value: owner.address ?? '', label: `${owner.agentName} · ${owner.address ?? ''}` }))}
              onChoose={(next) => {
                setAddress(next);
                setChallenge(null);
                onChange({ proof: null, withoutOwner: false });
              }}
            />
            <Button disabled={busy || chosen === undefined} onClick={() => void ask()}>
              {t(challenge === null ? 'killSwitch.owner.show' : 'killSwitch.owner.renew')}
            </Button>
          </div>
          <ProblemLine problem={problem} />
          {challenge !== null && (
            <>
              <Field label={t('killSwitch.owner.message')}>{(control) => <TextArea {...control} readOnly rows={8} className={css['message']} value={challenge.message} />}</Field>
              <div className={css['row']}>
                <Button size="small" onClick={() => void navigator.clipboard.writeText(challenge.message)}>
                  {t('common.copy')}
                </Button>
                <span className={css['faint']}>
                  {t('killSwitch.owner.until')} <BriefTime time={challenge.expiresAt} />
                </span>
              </div>
              <Field label={t('killSwitch.owner.signature')} hint={t(`killSwitch.owner.form.${challenge.chain}`)}>
                {(control) => <TextArea {...control} rows={2} maxLength={500} value={signature} onChange={(event) => sign(event.target.value)} />}
              </Field>
            </>
          )}
        </>
      )}
      {mayGoWithout && (
        <label className={css['check']}>
          <input
            type="checkbox"
            checked={withoutOwner}
            onChange={(event) => {
              setWithoutOwner(event.target.checked);
              setChallenge(null);
              onChange({ proof: null, withoutOwner: event.target.checked });
            }}
          />
          {t('killSwitch.owner.without')}
        </label>
      )}
    </fieldset>
  );
}
