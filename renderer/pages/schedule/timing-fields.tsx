import type { TimingKind } from '../../../preload/contract.ts';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { useLanguage } from '../../services.tsx';
import { UNITS, type TimingDraft, type Unit } from '../../state/schedule.ts';
import css from './schedule.module.css';

interface TimingFieldsProps {
  readonly timing: TimingDraft;
  readonly onChange: (timing: TimingDraft) => void;
  /** What is wrong with it. */
  readonly problem: string | null;
}

const KINDS: readonly TimingKind[] = ['cron', 'interval', 'once'];
/** Lines to begin with; the line itself can be changed at will. */
const LINES = { own: '', weekdays: '0 9 * * 1-5', daily: '0 9 * * *', hourly: '0 * * * *', weekly: '0 9 * * 1', monthly: '0 9 1 * *', monthEnd: '0 18 L * *' } as const;
type Line = keyof typeof LINES;
const LINE_NAMES = Object.keys(LINES) as readonly Line[];

/** When something runs: by the calendar, every so often, or once. */
export function TimingFields({ timing, onChange, problem }: TimingFieldsProps) {
  const { t } = useLanguage();
  const line = LINE_NAMES.find((name) => name !== 'own' && LINES[name] === timing.cron.trim()) ?? 'own';
  return (
    <>
      <Field label={t('schedule.kind')}>
        {(control) => <Select {...control} value={timing.kind} onChoose={(kind) => onChange({ ...timing, kind })} options={KINDS.map((kind) => ({ value: kind, label: t(`schedule.kinds.${kind}`) }))} />}
      </Field>
      {timing.kind === 'cron' && (
        <div className={css['pair']}>
          <Field label={t('schedule.pattern')}>
            {(control) => (
              <Select
                {...control}
                value={line}
                onChoose={(name) => onChange({ ...timing, cron: name === 'own' ? timing.cron : LINES[name] })}
                options={LINE_NAMES.map((name) => ({ value: name, label: t(`schedule.patterns.${name}`) }))}
              />
            )}
          </Field>
          <Field label={t('schedule.cronLine')} error={problem} hint={t('schedule.cronHint')}>
            {(control) => <TextInput {...control} required maxLength={200} value={timing.cron} onChange={(event) => onChange({ ...timing, cron: event.target.value })} />}
          </Field>
        </div>
      )}
      {timing.kind === 'interval' && (
        <div className={css['pair']}>
          <Field label={t('schedule.interval')} error={problem}>
            {(control) => <TextInput {...control} required inputMode="numeric" maxLength={9} value={timing.every} onChange={(event) => onChange({ ...timing, every: event.target.value })} />}
          </Field>
          <Field label={t('schedule.unit')}>
            {(control) => <Select {...control} value={timing.unit} onChoose={(unit) => onChange({ ...timing, unit })} options={(Object.keys(UNITS) as Unit[]).map((unit) => ({ value: unit, label: t(`schedule.units.${unit}`) }))} />}
          </Field>
        </div>
      )}
      {timing.kind === 'once' && (
        <Field label={t('schedule.moment')} error={problem} hint={t('schedule.momentHint')}>
          {(control) => <TextInput {...control} type="datetime-local" required value={timing.at} onChange={(event) => onChange({ ...timing, at: event.target.value })} />}
        </Field>
      )}
    </>
  );
}
