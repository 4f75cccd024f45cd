import { useState, type FormEvent } from 'react';
import type { GroupView } from '../../../preload/contract.ts';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { useCall, useLanguage } from '../../services.tsx';
import { MountsField, type MountDraft } from './mounts-field.tsx';
import css from './agents.module.css';

interface EditGroupProps {
  readonly group: GroupView;
  readonly onDone: () => void;
}

const AS_SET = 'as-set';
const NETWORKS = [AS_SET, 'none', 'restricted', 'full'] as const;

/** A number, or null for an empty field; undefined when it is none. */
function numberIn(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

/** What wakes the agent of a group, and what its container may do. */
export function EditGroup({ group, onDone }: EditGroupProps) {
  const { t } = useLanguage();
  const call = useCall();
  const { container } = group;
  const [name, setName] = useState(group.name);
  const [trigger, setTrigger] = useState(group.trigger);
  const [every, setEvery] = useState(!group.requiresTrigger);
  const [network, setNetwork] = useState<(typeof NETWORKS)[number]>(container.network ?? AS_SET);
  const [memory, setMemory] = useState(container.memoryMb === null ? '' : String(container.memoryMb));
  const [timeout, setTimeout] = useState(container.timeoutMs === null ? '' : String(container.timeoutMs / 1000));
  const [mounts, setMounts] = useState<readonly MountDraft[]>(container.additionalMounts.map(({ hostPath, readonly }) => ({ hostPath, readonly: readonly !== false })));
  const [sending, setSending] = useState(false);
  const memoryMb = numberIn(memory);
  const timeoutSec = numberIn(timeout);
  const wrong = name.trim() === '' || trigger.trim() === '' || memoryMb === undefined || timeoutSec === undefined;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (wrong || sending) return;
    setSending(true);
    const answer = await call(
      'groups.update',
      {
        group: group.id,
        name: name.trim(),
        trigger: trigger.trim(),
        requires_trigger: !every,
        container: {
          network: network === AS_SET ? null : network,
          memory_mb: memoryMb,
          timeout_sec: timeoutSec,
          mounts: mounts.filter(({ hostPath }) => hostPath.trim() !== '').map(({ hostPath, readonly }) => ({ host_path: hostPath.trim(), readonly })),
        },
      },
      t('agents.saveFailed', { name: group.name }),
      ({ code, message }) => (code === 'INPUT_INVALID' ? message : null),
    );
    setSending(false);
    if (answer.ok) onDone();
  };
  return (
    <form className={css['form']} onSubmit={(event) => void save(event)}>
      <Field label={t('agents.nameLabel')}>{(control) => <TextInput {...control} maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />}</Field>
      <Field label={t('agents.trigger')} hint={t('agents.triggerHint')}>
        {(control) => <TextInput {...control} maxLength={60} disabled={group.isMain || every} value={trigger} onChange={(event) => setTrigger(event.target.value)} />}
      </Field>
      {!group.isMain && (
        <label className={css['check']}>
          <input type="checkbox" checked={every} onChange={(event) => setEvery(event.target.checked)} />
          <span>{t('agents.everyMessage')}</span>
        </label>
      )}
      <Field label={t('agents.network')}>
        {(control) => (
          <Select {...control} value={network} onChoose={setNetwork} options={NETWORKS.map((value) => ({ value, label: value === AS_SET ? t('agents.asSet') : t(`agents.networks.${value}`) }))} />
        )}
      </Field>
      <div className={css['pair']}>
        <Field label={t('agents.memory')} error={memoryMb === undefined ? t('agents.numberRule') : null}>
          {(control) => <TextInput {...control} inputMode="numeric" placeholder={t('agents.asSet')} value={memory} onChange={(event) => setMemory(event.target.value)} />}
        </Field>
        <Field label={t('agents.timeout')} error={timeoutSec === undefined ? t('agents.numberRule') : null}>
          {(control) => <TextInput {...control} inputMode="numeric" placeholder={t('agents.asSet')} value={timeout} onChange={(event) => setTimeout(event.target.value)} />}
        </Field>
      </div>
      <MountsField mounts={mounts} isMain={group.isMain} onChange={setMounts} />
      <FormButtons submit={t('agents.save')} disabled={wrong || sending} onCancel={onDone} />
    </form>
  );
}
