import { useCallback, useRef, useState, type SubmitEvent } from 'react';
import type { OwnerProof, OwnerView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { PasswordField, takePassword } from '../../components/password-field.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { SignText } from '../../components/sign-text.tsx';
import { useSubmit } from '../../components/use-submit.ts';
import { useLanguage, useServices, type Explain } from '../../services.tsx';
import { chainOf } from '../../state/owners.ts';
import css from './owners.module.css';

/** The longest address of either chain, with room for a mistyped letter. */
const LONGEST = 60;

/** Registers the first owner of an agent, or puts another in the place of the one there is: a verified one signs for that. */
export function AddressForm({ owner }: { readonly owner: OwnerView }) {
  const { t, find } = useLanguage();
  const { toasts } = useServices();
  const explain = useCallback<Explain>(
    ({ code, details }) => {
      if (code === 'CONFLICT') return t('owner.changedElsewhere');
      return code === 'INPUT_INVALID' ? find(`owner.problems.${String(details['problem'])}`, {}) : null;
    },
    [t, find],
  );
  const { busy, problem, send } = useSubmit('owners.set', explain);
  const [address, setAddress] = useState('');
  const [left, setLeft] = useState(false);
  const [proof, setProof] = useState<OwnerProof | null>(null);
  const password = useRef<HTMLInputElement>(null);
  const typed = address.trim();
  const chain = chainOf(typed);
  const needsConsent = owner.state === 'LOCKED';
  const wrong = problem?.code === 'INPUT_INVALID' ? problem.text : left && typed !== '' && chain === null ? t('owner.problems.unlike') : null;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setLeft(true);
    if (chain === null || busy) return;
    const done = await send({ agent: owner.agentId, address: typed, chain, master_password: takePassword(password), ...(proof !== null && { proof }) });
    if (done !== null) toasts.getState().show({ tone: 'done', title: t(owner.state === 'NONE' ? 'owner.register.done' : 'owner.replace.done', { agent: owner.agentName }) });
    else password.current?.focus();
  };
  return (
    <form className={css['form']} onSubmit={(event) => void submit(event)}>
      <Field label={t(owner.state === 'NONE' ? 'owner.addressOf' : 'owner.newAddress')} hint={chain === null ? t('owner.addressHint') : t(`owner.chains.${chain}`)} error={wrong}>
        {(control) => (
          <TextInput
            {...control}
            required
            maxLength={LONGEST}
            className={css['mono']}
            value={address}
            onChange={(event) => {
              setAddress(event.target.value);
              setLeft(false);
            }}
            onBlur={() => setLeft(true)}
          />
        )}
      </Field>
      {needsConsent && <SignText address={owner.address ?? undefined} chain={owner.chain} action="change_owner" onChange={setProof} />}
      <PasswordField label={t('killSwitch.password.label')} input={password} />
      <ProblemLine problem={problem?.code === 'INPUT_INVALID' ? null : problem} />
      <div>
        <Button kind="primary" type="submit" disabled={busy || typed === '' || (needsConsent && proof === null)}>
          {t(owner.state === 'NONE' ? 'owner.register.confirm' : 'owner.replace.confirm')}
        </Button>
      </div>
    </form>
  );
}
