import { useEffect, useState } from 'react';
import type { TimingKind } from '../../../preload/contract.ts';
import { useLanguage, useServices } from '../../services.tsx';

interface Preview {
  readonly next: readonly string[];
  readonly problem: { readonly field: 'value' | 'zone'; readonly text: string } | null;
}

/** Asked for after so much quiet, so that not every key is a call. */
const QUIET_MS = 150;
const SHOWN = 3;
const NOTHING: Preview = { next: [], problem: null };

/** When a timing would run, as the core reads it, or what is wrong with it. */
export function usePreview(kind: TimingKind, value: string | null, zone: string): Preview {
  const { bridge } = useServices();
  const { t, locale } = useLanguage();
  const [preview, setPreview] = useState(NOTHING);
  useEffect(() => {
    let wanted = true;
    const ask = async (): Promise<void> => {
      if (value === null) return setPreview(NOTHING);
      const answer = await bridge.call('schedule.preview', { kind, value, count: SHOWN, ...(zone !== '' && { zone }) });
      if (!wanted) return;
      if (answer.ok) return setPreview({ next: answer.result.next, problem: null });
      const field = answer.error.details['field'] === 'zone' ? 'zone' : 'value';
      const rule = field === 'zone' ? t('schedule.rules.zone') : t(`schedule.rules.${kind}`);
      // The core says what exactly is wrong, in English.
      setPreview({ next: [], problem: { field, text: locale === 'en' ? answer.error.message : rule } });
    };
    const timer = setTimeout(() => void ask(), QUIET_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [bridge, kind, value, zone, t, locale]);
  return preview;
}
