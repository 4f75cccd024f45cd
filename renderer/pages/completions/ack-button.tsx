import { useState } from 'react';
import { Check } from 'lucide-react';
import type { CompletionView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { useCall, useLanguage, useServices } from '../../services.tsx';

interface AckButtonProps {
  readonly completion: CompletionView;
  /** The one main thing to do in its place. */
  readonly primary?: boolean;
}

/** "I have seen it": the one answer that a completion wants. */
export function AckButton({ completion: { id, task }, primary = false }: AckButtonProps) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const ack = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('completions.ack', { completion_id: id }, t('completion.ackFailed', { task }));
    setBusy(false);
    if (answer.ok) toasts.getState().show({ tone: 'done', title: t('completion.ackDone', { task }) });
  };
  return (
    <Button
      size={primary ? 'normal' : 'small'}
      kind={primary ? 'primary' : 'plain'}
      {...(primary && { icon: Check })}
      disabled={busy}
      aria-label={t('completion.ackLabel', { task })}
      onClick={(event) => {
        event.stopPropagation();
        void ack();
      }}
    >
      {t('completion.ack')}
    </Button>
  );
}
