import { useEffect, useState } from 'react';
import { loadPart } from '../../load-part.ts';
import { useLanguage } from '../../services.tsx';

/** Says a cron line in words; null for one that it cannot read. */
export type CronWords = (line: string) => string | null;

/** At fixed hours of any day: said with "every day", which is left out otherwise. */
const EVERY_DAY = /^[\d,]+\s+[\d,]+\s+\*\s+\*\s+\*$/;

const none: CronWords = () => null;

/** Cron lines in the person's language. Until the words are loaded, and for a line that cannot be read, null. */
export function useCronWords(): CronWords {
  const { locale } = useLanguage();
  const [words, setWords] = useState<CronWords>(() => none);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const { default: cronstrue } = await loadPart(async () => import('cronstrue'));
      if (locale === 'ko') await loadPart(async () => import('cronstrue/locales/ko'));
      const say: CronWords = (line) => {
        try {
          return cronstrue.toString(line, { locale, use24HourTimeFormat: true, verbose: EVERY_DAY.test(line.trim()) });
        } catch {
          return null;
        }
      };
      if (wanted) setWords(() => say);
    };
    void load();
    return () => {
      wanted = false;
    };
  }, [locale]);
  return words;
}
