import type { KillSwitchView } from '../../preload/contract.ts';
import { useMirror, useSnapshot } from '../services.tsx';
import { stepOf, waitEnd, type KillSwitchStep } from '../state/kill-switch.ts';
import { useNow } from './time.tsx';

interface KillSwitchNow {
  readonly view: KillSwitchView;
  readonly step: KillSwitchStep;
  /** What is left of the wait, in ms; null when none is running. */
  readonly leftMs: number | null;
}

/** How the kill switch stands at this second. */
export function useKillSwitch(): KillSwitchNow {
  const view = useSnapshot((snapshot) => snapshot.killSwitch);
  const receivedAt = useMirror((mirror) => mirror.killSwitchReceivedAt);
  const now = useNow(1_000);
  const end = waitEnd(view, receivedAt);
  return { view, step: stepOf(view, receivedAt, now), leftMs: end === null ? null : Math.max(0, end - now) };
}
