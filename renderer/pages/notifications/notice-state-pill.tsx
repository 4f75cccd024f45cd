import type { NoticeView } from '../../../preload/contract.ts';
import { StatusPill, type Tone } from '../../components/marks.tsx';
import { useLanguage } from '../../services.tsx';

const TONES: Record<NoticeView['state'], Tone> = { new: 'info', waiting: 'info', delivered: 'ok', suppressed: 'idle', failed: 'danger' };

export function NoticeStatePill({ state }: Pick<NoticeView, 'state'>) {
  const { t } = useLanguage();
  return <StatusPill tone={TONES[state]}>{t(`notice.states.${state}`)}</StatusPill>;
}
