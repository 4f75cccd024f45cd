import { useState, type FormEvent } from 'react';
import { Field, TextInput } from '../../components/field.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { showDetail } from '../../router.ts';
import { useCall, useLanguage } from '../../services.tsx';
import css from './chat.module.css';

const LONGEST_NAME = 100;

/** A further chat in the console, with an agent of its own. */
export function NewChat({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLanguage();
  const call = useCall();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === '' || busy) return;
    setBusy(true);
    const answer = await call('chat.create', { name: name.trim() }, t('chat.createFailed'));
    setBusy(false);
    if (answer.ok && answer.result.chat.group !== null) showDetail(answer.result.chat.group.id);
  };
  return (
    <DetailPane label={t('chat.new')} title={t('chat.new')} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        <Field label={t('chat.name')} hint={t('chat.nameHint')}>
          {(control) => (
            // The pane was opened to write here.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            <TextInput {...control} autoFocus required maxLength={LONGEST_NAME} placeholder={t('chat.first.name')} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <FormButtons submit={t('chat.create')} disabled={name.trim() === '' || busy} onCancel={onClose} />
        <p className={css['elsewhere']}>{t('chat.elsewhere')}</p>
      </form>
    </DetailPane>
  );
}
