import { StatusPill, type Tone } from '../../components/marks.tsx';
import { useLanguage } from '../../services.tsx';
import type { SessionState } from '../../state/sessions.ts';

const TONES: Record<SessionState, Tone> = { live: 'ok', expired: 'idle', revoked: 'danger' };

export function SessionStatePill({ state }: { readonly state: SessionState }) {
  const { t } = useLanguage();
  return <StatusPill tone={TONES[state]}>{t(`session.states.${state}`)}</StatusPill>;
}
