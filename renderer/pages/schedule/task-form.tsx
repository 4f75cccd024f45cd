import { useState, type FormEvent } from 'react';
import type { ContextMode, MissedPolicy, ScheduledTaskView } from '../../../preload/contract.ts';
import { Field, Select, TextArea, TextInput } from '../../components/field.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { useCall, useLanguage, useServices, useSnapshot } from '../../services.tsx';
import { draftOf, draftValue } from '../../state/schedule.ts';
import { scheduleArrival } from '../../state/mirror.ts';
import { TimingFields } from './timing-fields.tsx';
import type { CronWords } from './use-cron-words.ts';
import { usePreview } from './use-preview.ts';
import css from './schedule.module.css';

interface TaskFormProps {
  /** Null: a new one. */
  readonly task: ScheduledTaskView | null;
  readonly words: CronWords;
  readonly onClose: () => void;
  readonly onSaved: (id: string) => void;
}

/** The limit of the core's own rule; the field does not let more in. */
const LONGEST_PROMPT = 20_000;
const CONTEXTS: readonly ContextMode[] = ['isolated', 'group'];
const POLICIES: readonly MissedPolicy[] = ['latest', 'all', 'skip'];

/** Schedules a task, or changes one. What it would do is shown while it is written. */
export function TaskForm({ task, words, onClose, onSaved }: TaskFormProps) {
  const { t } = useLanguage();
  const { toasts, mirror } = useServices();
  const call = useCall();
  const ownZone = useSnapshot((snapshot) => snapshot.scheduleZone);
  const groups = useSnapshot((snapshot) => snapshot.groups);
  const [group, setGroup] = useState('');
  const [prompt, setPrompt] = useState(task?.prompt ?? '');
  const [timing, setTiming] = useState(() => draftOf(task));
  const [zone, setZone] = useState(task === null || task.followsZone ? '' : task.zone);
  const [context, setContext] = useState<ContextMode>(task?.contextMode ?? 'isolated');
  const [missed, setMissed] = useState<MissedPolicy>(task?.missed ?? 'latest');
  const [sending, setSending] = useState(false);
  const value = draftValue(timing);
  const preview = usePreview(timing.kind, value, zone.trim());
  const chosen = group === '' ? (groups[0]?.id ?? '') : group;
  const complete = prompt.trim() !== '' && value !== null && preview.problem === null && (task !== null || chosen !== '');

  const save = async () => {
    const common = { prompt: prompt.trim(), kind: timing.kind, value: value!, context_mode: context, missed };
    const own = zone.trim();
    if (task === null) return call('schedule.create', { ...common, group: chosen, ...(own !== '' && { zone: own }) }, t('schedule.saveFailed'));
    return call('schedule.edit', { ...common, task: task.id, zone: own === '' ? null : own }, t('schedule.saveFailed'));
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!complete || sending) return;
    setSending(true);
    const answer = await save();
    // The answer is quicker than the live feed: opened before the window knows it, the task would look as if it were missing.
    if (answer.ok) await scheduleArrival(mirror, answer.result.task.id);
    setSending(false);
    if (!answer.ok) return;
    toasts.getState().show({ tone: 'done', title: t(task === null ? 'schedule.createDone' : 'schedule.saveDone') });
    onSaved(answer.result.task.id);
  };

  const title = t(task === null ? 'schedule.add' : 'schedule.editTitle');
  if (groups.length === 0) {
    return (
      <DetailPane label={title} title={title} onClose={onClose}>
        <p className={css['soft']}>{t('schedule.noGroups')}</p>
      </DetailPane>
    );
  }
  return (
    <DetailPane label={title} title={title} onClose={onClose}>
      <form className={css['form']} onSubmit={(event) => void submit(event)}>
        {task === null && (
          <Field label={t('schedule.group')} hint={t('schedule.groupHint')}>
            {(control) => <Select {...control} value={chosen} onChoose={setGroup} options={groups.map(({ id, name }) => ({ value: id, label: name }))} />}
          </Field>
        )}
        <Field label={t('schedule.prompt')} hint={t('schedule.promptHint')}>
          {(control) => (
            // The pane was opened to write here.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            <TextArea {...control} autoFocus required maxLength={LONGEST_PROMPT} value={prompt} onChange={(event) => setPrompt(event.target.value)} />
          )}
        </Field>
        <TimingFields timing={timing} onChange={setTiming} problem={preview.problem?.field === 'zone' ? null : (preview.problem?.text ?? null)} />
        <Field label={t('schedule.zone')} error={preview.problem?.field === 'zone' ? preview.problem.text : null} hint={t('schedule.zoneField', { zone: ownZone })}>
          {(control) => <TextInput {...control} list="time-zones" placeholder={ownZone} maxLength={80} value={zone} onChange={(event) => setZone(event.target.value)} />}
        </Field>
        <datalist id="time-zones">
          {Intl.supportedValuesOf('timeZone').map((name) => (
            <option key={name}>{name}</option>
          ))}
        </datalist>
        <Preview timing={timing} words={words} next={preview.next} />
        <Field label={t('schedule.context')} hint={t(`schedule.contextHints.${context}`)}>
          {(control) => <Select {...control} value={context} onChoose={setContext} options={CONTEXTS.map((mode) => ({ value: mode, label: t(`schedule.contexts.${mode}`) }))} />}
        </Field>
        <Field label={t('schedule.missed')} hint={t('schedule.missedHint')}>
          {(control) => <Select {...control} value={missed} onChoose={setMissed} options={POLICIES.map((policy) => ({ value: policy, label: t(`schedule.missedPolicies.${policy}`) }))} />}
        </Field>
        <FormButtons submit={t(task === null ? 'schedule.create' : 'common.save')} disabled={!complete || sending} onCancel={onClose} />
      </form>
    </DetailPane>
  );
}

function Preview({ timing, words, next }: { readonly timing: ReturnType<typeof draftOf>; readonly words: CronWords; readonly next: readonly string[] }) {
  const { t, format } = useLanguage();
  if (next.length === 0) return null;
  const said = timing.kind === 'cron' ? words(timing.cron) : null;
  return (
    <section className={css['preview']} aria-label={t('schedule.previewLabel')} aria-live="polite">
      {said !== null && <p>{said}</p>}
      <ul>
        {next.map((at) => (
          <li key={at}>{format.exact(at)}</li>
        ))}
      </ul>
    </section>
  );
}
