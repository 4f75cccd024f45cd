import { useState, type ReactNode } from 'react';
import { Check, Copy } from 'lucide-react';
import type { OwnerAction, OwnerChain, OwnerChallenge, OwnerProof } from '../../preload/contract.ts';
import { useLanguage } from '../services.tsx';
import { Button } from './button.tsx';
import { Field, TextArea } from './field.tsx';
import { ProblemLine } from './problem-line.tsx';
import { BriefTime, useNow } from './time.tsx';
import { useCopy } from './use-copy.ts';
import { useSubmit } from './use-submit.ts';
import css from './form.module.css';

interface SignTextProps {
  /** Whose signature it takes; undefined while nobody is chosen. Give another `key` for another address. */
  readonly address: string | undefined;
  readonly chain: OwnerChain | null;
  readonly action: OwnerAction;
  readonly onChange: (proof: OwnerProof | null) => void;
  /** Shown before the button that asks for the text. */
  readonly children?: ReactNode;
}

/** Shows an owner the text to sign with their wallet, and takes the signature. */
export function SignText({ address, chain, action, onChange, children }: SignTextProps) {
  const { t } = useLanguage();
  const { busy, problem, send } = useSubmit('owners.challenge');
  const [challenge, setChallenge] = useState<OwnerChallenge | null>(null);
  const [signature, setSignature] = useState('');
  const ask = async (): Promise<void> => {
    if (address === undefined) return;
    setSignature('');
    onChange(null);
    setChallenge(await send({ address, ...(chain !== null && { chain }), action }));
  };
  const sign = (typed: string): void => {
    setSignature(typed);
    if (challenge === null) return;
    const { expiresAt: _until, ...signed } = challenge;
    onChange(typed.trim() === '' ? null : { ...signed, signature: typed.trim() });
  };
  return (
    <div className={css['sign']}>
      <div className={css['row']}>
        {children}
        <Button disabled={busy || address === undefined} onClick={() => void ask()}>
          {t(challenge === null ? 'owner.sign.show' : 'owner.sign.renew')}
        </Button>
      </div>
      <ProblemLine problem={problem} />
      {challenge !== null && (
        <>
          <Field label={t('owner.sign.message')}>{(control) => <TextArea {...control} readOnly rows={8} className={css['message']} value={challenge.message} />}</Field>
          <div className={css['row']}>
            <CopyText text={challenge.message} />
            <GoodUntil time={challenge.expiresAt} />
          </div>
          <Field label={t('owner.sign.signature')} hint={t(`owner.sign.form.${challenge.chain}`)}>
            {(control) => <TextArea {...control} rows={2} maxLength={500} value={signature} onChange={(event) => sign(event.target.value)} />}
          </Field>
        </>
      )}
    </div>
  );
}

function CopyText({ text }: { readonly text: string }) {
  const { t } = useLanguage();
  const { copied, copy, forget } = useCopy(text);
  return (
    <>
      <Button size="small" icon={copied ? Check : Copy} onClick={copy} onBlur={forget}>
        {t('common.copy')}
      </Button>
      <span role="status" className="visually-hidden">
        {copied ? t('common.copied') : ''}
      </span>
    </>
  );
}

/** Says when the text has become too old, because signing it then would be in vain. */
function GoodUntil({ time }: { readonly time: string }) {
  const { t } = useLanguage();
  const over = Date.parse(time) <= useNow(10_000);
  return (
    <span className={css['until']} role={over ? 'alert' : undefined}>
      {over ? (
        t('owner.sign.over')
      ) : (
        <>
          {t('owner.sign.until')} <BriefTime time={time} />
        </>
      )}
    </span>
  );
}
