import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { useLanguage } from '../../services.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { useSubmit } from '../../components/use-submit.ts';

/** Asks for the reason and for a typed word. The desktop asks once more in a dialog of its own that no page can answer. */
export function ActivateDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLanguage();
  const { busy, problem, send } = useSubmit('killSwitch.activate');
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const word = t('killSwitch.activate.word');
  const ready = reason.trim() !== '' && typed.trim().toUpperCase() === word;
  const activate = async (): Promise<void> => {
    if ((await send({ reason: reason.trim() })) !== null) onClose();
  };
  return (
    <ConfirmDialog
      title={t('killSwitch.activate.title')}
      confirm={t('killSwitch.activate.confirm')}
      disabled={!ready || busy}
      onConfirm={() => void activate()}
      onClose={onClose}
    >
      <p>{t('killSwitch.activate.text')}</p>
      <ReasonField hint={t('killSwitch.activate.reasonHint')} value={reason} onChange={setReason} />
      <Field label={t('killSwitch.activate.type', { word })}>
        {(control) => <TextInput {...control} maxLength={20} value={typed} onChange={(event) => setTyped(event.target.value)} />}
      </Field>
      <ProblemLine problem={problem} />
    </ConfirmDialog>
  );
}
