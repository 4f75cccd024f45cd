import { useEffect, useState } from 'react';
import { Plus, X } from 'lucide-react';
import type { MountVerdictView } from '../../../preload/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Select, TextInput } from '../../components/field.tsx';
import { useLanguage, useServices } from '../../services.tsx';
import css from './agents.module.css';

export interface MountDraft {
  readonly hostPath: string;
  readonly readonly: boolean;
}

interface MountsFieldProps {
  readonly mounts: readonly MountDraft[];
  readonly isMain: boolean;
  readonly onChange: (mounts: readonly MountDraft[]) => void;
}

/** Typing is not asked about at every key. */
const PAUSE_MS = 300;

/** What the group would get, with the allowlist as it is. */
function useVerdicts(mounts: readonly MountDraft[], isMain: boolean): readonly MountVerdictView[] {
  const { bridge } = useServices();
  const [verdicts, setVerdicts] = useState<readonly MountVerdictView[]>([]);
  useEffect(() => {
    const asked = mounts.filter(({ hostPath }) => hostPath.trim() !== '');
    let gone = false;
    const timer = setTimeout(() => {
      const ask = async (): Promise<void> => {
        const answer = await bridge.call('mounts.check', { mounts: asked, isMain });
        if (!gone && answer.ok) setVerdicts(answer.result.verdicts);
      };
      void ask();
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [bridge, mounts, isMain]);
  return verdicts;
}

/** The folders of this machine that the group asks for. What becomes of each stands under it. */
export function MountsField({ mounts, isMain, onChange }: MountsFieldProps) {
  const { t } = useLanguage();
  const verdicts = useVerdicts(mounts, isMain);
  const change = (index: number, more: Partial<MountDraft>): void => onChange(mounts.map((mount, at) => (at === index ? { ...mount, ...more } : mount)));
  return (
    <fieldset className={css['mounts']}>
      <legend>{t('agents.mounts')}</legend>
      <p className={css['hint']}>{t('agents.mountsHint')}</p>
      {mounts.map((mount, index) => {
        const verdict = verdicts.find(({ hostPath }) => hostPath === mount.hostPath);
        return (
          // Rows have no other name than their place.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index}>
            <div className={css['mount']}>
              <TextInput aria-label={t('agents.mountPath')} placeholder="~/projects" maxLength={4096} value={mount.hostPath} onChange={(event) => change(index, { hostPath: event.target.value })} />
              <Select
                aria-label={t('agents.mountMode')}
                value={mount.readonly ? 'ro' : 'rw'}
                onChoose={(mode) => change(index, { readonly: mode === 'ro' })}
                options={[
                  { value: 'ro', label: t('agents.readOnly') },
                  { value: 'rw', label: t('agents.writable') },
                ]}
              />
              <IconButton icon={X} label={t('agents.mountRemove')} onClick={() => onChange(mounts.filter((_, at) => at !== index))} />
            </div>
            {verdict !== undefined && mount.hostPath.trim() !== '' && (
              <p className={verdict.target === null ? css['problem'] : css['hint']}>
                {verdict.target === null ? t('agents.mountRefused') : t(verdict.readOnly ? 'agents.mountRead' : 'agents.mountWrite', { target: verdict.target })}
                {verdict.explanation !== null && ` ${verdict.explanation}`}
              </p>
            )}
          </div>
        );
      })}
      <div>
        <Button size="small" kind="quiet" icon={Plus} onClick={() => onChange([...mounts, { hostPath: '', readonly: true }])}>
          {t('agents.mountAdd')}
        </Button>
      </div>
    </fieldset>
  );
}
