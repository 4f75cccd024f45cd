import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { useLanguage } from '../../services.tsx';
import { ProblemLine } from '../../components/problem-line.tsx';
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
    <Dialog
      title={t('killSwitch.activate.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="danger" disabled={!ready || busy} onClick={() => void activate()}>
            {t('killSwitch.activate.confirm')}
          </Button>
        </>
      }
    >
      <p>{t('killSwitch.activate.text')}</p>
      <Field label={t('common.reason')} hint={t('killSwitch.activate.reasonHint')}>
        {(control) => <TextInput {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <Field label={t('killSwitch.activate.type', { word })}>
        {(control) => <TextInput {...control} maxLength={20} value={typed} onChange={(event) => setTyped(event.target.value)} />}
      </Field>
      <ProblemLine problem={problem} />
    </Dialog>
  );
}
