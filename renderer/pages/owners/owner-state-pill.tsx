import type { OwnerView } from '../../../preload/contract.ts';
import { StatusPill, type Tone } from '../../components/marks.tsx';
import { useLanguage } from '../../services.tsx';

const TONES: Record<OwnerView['state'], Tone> = { NONE: 'idle', GRACE: 'warn', LOCKED: 'ok' };

export function OwnerStatePill({ state }: { readonly state: OwnerView['state'] }) {
  const { t } = useLanguage();
  return <StatusPill tone={TONES[state]}>{t(`owner.states.${state}`)}</StatusPill>;
}
