import type { CompletionView } from '../../../preload/contract.ts';
import { StatusPill, type Tone } from '../../components/marks.tsx';
import { useLanguage } from '../../services.tsx';
import { isOpen } from '../../state/completions.ts';

const TONES: Record<CompletionView['state'], Tone> = { pending: 'info', notified: 'info', acked: 'ok', archived: 'idle' };

/** Being escalated is what matters most about a completion that nobody has reacted to. */
export function CompletionStatePill({ completion }: { readonly completion: CompletionView }) {
  const { t } = useLanguage();
  const { state, escalatedAt } = completion;
  if (isOpen(completion) && escalatedAt !== null) return <StatusPill tone="warn">{t('completion.states.escalated')}</StatusPill>;
  return <StatusPill tone={TONES[state]}>{t(`completion.states.${state}`)}</StatusPill>;
}
