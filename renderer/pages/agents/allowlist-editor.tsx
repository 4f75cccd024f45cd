import { useEffect, useState } from 'react';
import { Plus, X } from 'lucide-react';
import type { MountAllowlist, MountAllowlistView } from '../../../preload/contract.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Field, Select, TextArea, TextInput } from '../../components/field.tsx';
import { Mono } from '../../components/marks.tsx';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import css from './agents.module.css';

const EMPTY: MountAllowlist = { allowedRoots: [], blockedPatterns: [], nonMainReadOnly: true };

/** Which folders of this machine agents may ask for at all (SEC-01). */
export function AllowlistEditor() {
  const { t } = useLanguage();
  const { bridge, toasts } = useServices();
  const call = useCall();
  const [view, setView] = useState<MountAllowlistView | null>(null);
  const [draft, setDraft] = useState<MountAllowlist>(EMPTY);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      const answer = await bridge.call('mounts.get', {});
      if (gone || !answer.ok) return;
      setView(answer.result);
      setDraft(answer.result.allowlist ?? EMPTY);
    };
    void ask();
    return () => {
      gone = true;
    };
  }, [bridge]);
  if (view === null) return null;
  const roots = draft.allowedRoots;
  const change = (index: number, more: Partial<MountAllowlist['allowedRoots'][number]>): void =>
    setDraft({ ...draft, allowedRoots: roots.map((root, at) => (at === index ? { ...root, ...more } : root)) });
  const save = async (): Promise<void> => {
    setBusy(true);
    const allowlist = { ...draft, allowedRoots: roots.filter(({ path }) => path.trim() !== ''), blockedPatterns: draft.blockedPatterns.filter((pattern) => pattern.trim() !== '') };
    const answer = await call('mounts.set', { allowlist }, t('agents.allowlist.failed'), ({ code, message }) => (code === 'INPUT_INVALID' ? message : null));
    setBusy(false);
    if (!answer.ok) return;
    setView(answer.result);
    setDraft(answer.result.allowlist ?? EMPTY);
    toasts.getState().show({ tone: 'done', title: t('agents.allowlist.saved') });
  };
  return (
    <div className={css['form']}>
      {view.state !== 'ok' && (
        <Callout tone="warn" alert>
          <p>{t(`agents.allowlist.${view.state}`)}</p>
          {view.problem !== null && <p>{view.problem}</p>}
        </Callout>
      )}
      <p className={css['hint']}>
        {t('agents.allowlist.file')} <Mono>{view.file}</Mono>
      </p>
      {roots.map((root, index) => (
        // Rows have no other name than their place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={css['mount']}>
          <TextInput aria-label={t('agents.mountPath')} placeholder="~/projects" maxLength={4096} value={root.path} onChange={(event) => change(index, { path: event.target.value })} />
          <Select
            aria-label={t('agents.mountMode')}
            value={root.allowReadWrite ? 'rw' : 'ro'}
            onChoose={(mode) => change(index, { allowReadWrite: mode === 'rw' })}
            options={[
              { value: 'ro', label: t('agents.readOnly') },
              { value: 'rw', label: t('agents.writable') },
            ]}
          />
          <IconButton icon={X} label={t('agents.mountRemove')} onClick={() => setDraft({ ...draft, allowedRoots: roots.filter((_, at) => at !== index) })} />
        </div>
      ))}
      <div>
        <Button size="small" kind="quiet" icon={Plus} onClick={() => setDraft({ ...draft, allowedRoots: [...roots, { path: '', allowReadWrite: false }] })}>
          {t('agents.mountAdd')}
        </Button>
      </div>
      <Field label={t('agents.allowlist.blocked')} hint={t('agents.allowlist.blockedHint', { patterns: view.alwaysBlocked.join(' ') })}>
        {(control) => <TextArea {...control} rows={2} value={draft.blockedPatterns.join('\n')} onChange={(event) => setDraft({ ...draft, blockedPatterns: event.target.value.split('\n') })} />}
      </Field>
      <label className={css['check']}>
        <input type="checkbox" checked={draft.nonMainReadOnly} onChange={(event) => setDraft({ ...draft, nonMainReadOnly: event.target.checked })} />
        <span>{t('agents.allowlist.nonMain')}</span>
      </label>
      <div>
        <Button disabled={busy} onClick={() => void save()}>
          {t('agents.allowlist.save')}
        </Button>
      </div>
    </div>
  );
}
