import type { RunView } from '../../../preload/contract.ts';
import { StatusPill, type Tone } from '../../components/marks.tsx';
import { useLanguage } from '../../services.tsx';

const TONES: Readonly<Record<RunView['state'], Tone>> = { queued: 'warn', starting: 'info', running: 'info', succeeded: 'ok', failed: 'warn', dead: 'danger', aborted: 'idle' };

export function RunStatePill({ run }: { readonly run: RunView }) {
  const { t } = useLanguage();
  if (run.state === 'running' && run.idle) return <StatusPill tone="ok">{t('agents.state.idle')}</StatusPill>;
  return <StatusPill tone={TONES[run.state]}>{t(`agents.runState.${run.state}`)}</StatusPill>;
}
