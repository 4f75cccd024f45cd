import { useState, type SubmitEvent } from 'react';
import type { OwnerProof, OwnerView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { SignText } from '../../components/sign-text.tsx';
import { useSubmit } from '../../components/use-submit.ts';
import { useLanguage, useServices } from '../../services.tsx';
import css from './owners.module.css';

/** The owner shows that they can sign, which locks them in. Their signature is all it takes. */
export function VerifyForm({ owner }: { readonly owner: OwnerView }) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const { busy, problem, send } = useSubmit('owners.verify');
  const [proof, setProof] = useState<OwnerProof | null>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (proof === null || busy) return;
    if ((await send({ agent: owner.agentId, proof })) !== null) toasts.getState().show({ tone: 'done', title: t('owner.verify.done', { agent: owner.agentName }) });
  };
  return (
    <form className={css['form']} onSubmit={(event) => void submit(event)}>
      <p>{t('owner.verify.text')}</p>
      <SignText address={owner.address ?? undefined} chain={owner.chain} action="verify_owner" onChange={setProof} />
      <ProblemLine problem={problem} />
      <div>
        <Button kind="primary" type="submit" disabled={busy || proof === null}>
          {t('owner.verify.confirm')}
        </Button>
      </div>
    </form>
  );
}
