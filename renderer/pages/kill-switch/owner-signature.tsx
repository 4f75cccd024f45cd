import { useState } from 'react';
import type { OwnerProof, OwnerView } from '../../../preload/contract.ts';
import { Select } from '../../components/field.tsx';
import { SignText } from '../../components/sign-text.tsx';
import { useOwners } from '../../components/use-owners.ts';
import { useLanguage } from '../../services.tsx';
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
function useAddresses(): readonly OwnerView[] {
  const { owners } = useOwners();
  return [...new Map((owners ?? []).flatMap((owner) => (owner.address === null ? [] : [[owner.address, owner] as const]))).values()];
}

/** Lets one of the owners sign the recovery, or takes the longer wait where nobody has ever signed. */
export function OwnerSignature({ onChange }: OwnerSignatureProps) {
  const { t } = useLanguage();
  const owners = useAddresses();
  const [address, setAddress] = useState('');
  const [withoutOwner, setWithoutOwner] = useState(false);
  const chosen = owners.find((owner) => owner.address === address) ?? owners[0];
  const mayGoWithout = owners.length > 0 && owners.every((owner) => owner.state !== 'LOCKED');
  return (
    <fieldset className={css['owner']}>
      <legend>{t('killSwitch.owner.title')}</legend>
      <p>{t('killSwitch.owner.text')}</p>
      {!withoutOwner && chosen !== undefined && (
        <SignText
          key={chosen.address}
          address={chosen.address ?? undefined}
          chain={chosen.chain}
          action="recover"
          onChange={(proof) => onChange({ proof, withoutOwner: false })}
        >
          <Select
            aria-label={t('killSwitch.owner.address')}
            value={chosen.address ?? ''}
            options={owners.map((owner) => ({ value: owner.address ?? '', label: `${owner.agentName} · ${owner.address ?? ''}` }))}
            onChoose={(next) => {
              setAddress(next);
              onChange({ proof: null, withoutOwner: false });
            }}
          />
        </SignText>
      )}
      {mayGoWithout && (
        <label className={css['check']}>
          <input
            type="checkbox"
            checked={withoutOwner}
            onChange={(event) => {
              setWithoutOwner(event.target.checked);
              onChange({ proof: null, withoutOwner: event.target.checked });
            }}
          />
          {t('killSwitch.owner.without')}
        </label>
      )}
    </fieldset>
  );
}
