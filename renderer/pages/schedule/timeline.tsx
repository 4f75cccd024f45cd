import { useEffect, useState } from 'react';
import type { CallResult, ScheduledTaskView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/cx.ts';
import { useNow } from '../../components/time.tsx';
import { setFilters, showDetail, useRoute } from '../../router.ts';
import { useLanguage, useServices } from '../../services.tsx';
import { placeBetween } from '../../state/schedule.ts';
import { titleOf } from './schedule-marks.tsx';
import css from './timeline.module.css';

const SPANS = { day: 24, week: 168 } as const;
type Span = keyof typeof SPANS;
const ROWS = 6;
/** More marks than this in a row are one stretch to the eye. */
const DENSE = 48;
const HOUR = 3_600_000;
/** A label further to the right would be cut off. */
const LAST_LABEL = 0.92;
/** Between two lines of the scale, in hours. */
const STEP: Record<Span, number> = { day: 3, week: 24 };

interface TimelineProps {
  readonly tasks: readonly ScheduledTaskView[];
  readonly openId: string | null;
}

/** The tasks that are next, and when they run in the coming hours, on the clock of this machine. */
export function Timeline({ tasks, openId }: TimelineProps) {
  const { t } = useLanguage();
  const { bridge } = useServices();
  const { filters } = useRoute();
  const span: Span = filters['span'] === 'week' ? 'week' : 'day';
  const minute = useNow(60_000);
  const [upcoming, setUpcoming] = useState<CallResult<'schedule.upcoming'> | null>(null);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await bridge.call('schedule.upcoming', { hours: SPANS[span] });
      if (wanted && answer.ok) setUpcoming(answer.result);
    };
    void load();
    return () => {
      wanted = false;
    };
    // Changed tasks and passing time are what make it old.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [bridge, span, tasks, minute]);
  if (upcoming === null) return null;
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const rows = upcoming.tasks.flatMap(({ task_id, ...runs }) => {
    const task = byId.get(task_id);
    return task === undefined ? [] : [{ task, ...runs }];
  });
  const [from, until] = [Date.parse(upcoming.from), Date.parse(upcoming.until)];
  return (
    <section className={css['timeline']} aria-label={t('schedule.timeline.label')}>
      <header>
        <h2>{t(`schedule.timeline.title.${span}`)}</h2>
        {(['day', 'week'] as const).map((choice) => (
          <Button key={choice} size="small" kind={choice === span ? 'plain' : 'quiet'} aria-pressed={choice === span} onClick={() => setFilters({ span: choice === 'day' ? '' : choice })}>
            {t(`schedule.timeline.spans.${choice}`)}
          </Button>
        ))}
      </header>
      {rows.length === 0 ? (
        <p className={css['none']}>{t('schedule.timeline.none')}</p>
      ) : (
        <div className={css['rows']}>
          <Scale from={from} until={until} span={span} />
          {rows.slice(0, ROWS).map(({ task, at, has_more }) => (
            <Row key={task.id} task={task} at={at} hasMore={has_more} from={from} until={until} open={task.id === openId} />
          ))}
          {rows.length > ROWS && <p className={css['none']}>{t('schedule.timeline.more', { count: rows.length - ROWS })}</p>}
        </div>
      )}
    </section>
  );
}

function Scale({ from, until, span }: { readonly from: number; readonly until: number; readonly span: Span }) {
  const { locale } = useLanguage();
  const format = new Intl.DateTimeFormat(locale, span === 'day' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { weekday: 'short', day: 'numeric' });
  return (
    <div className={css['scale']} aria-hidden>
      {lines(from, until, STEP[span]).filter((at) => placeBetween(at, from, until) < LAST_LABEL).map((at) => (
        <span key={at} style={{ left: `${placeBetween(at, from, until) * 100}%` }}>
          {format.format(at)}
        </span>
      ))}
    </div>
  );
}

/** Round hours of this machine's clock. */
function lines(from: number, until: number, stepHours: number): readonly number[] {
  const first = new Date(from);
  first.setMinutes(0, 0, 0);
  first.setHours(Math.floor(first.getHours() / stepHours) * stepHours);
  const found: number[] = [];
  for (const at = first; at.getTime() < until - HOUR; at.setHours(at.getHours() + stepHours)) if (at.getTime() > from) found.push(at.getTime());
  return found;
}

interface RowProps {
  readonly task: ScheduledTaskView;
  readonly at: readonly string[];
  readonly hasMore: boolean;
  readonly from: number;
  readonly until: number;
  readonly open: boolean;
}

function Row({ task, at, hasMore, from, until, open }: RowProps) {
  const { t, format } = useLanguage();
  const title = titleOf(task);
  const places = at.map((time) => placeBetween(Date.parse(time), from, until) * 100);
  const dense = hasMore || at.length > DENSE;
  const count = hasMore ? t('schedule.timeline.many', { count: at.length }) : t('schedule.timeline.runs', { count: at.length });
  return (
    <button type="button" className={cx(css['row'], open && css['open'])} title={title} aria-label={t('schedule.timeline.row', { title: title.slice(0, 60), runs: count, next: format.exact(at[0]!) })} onClick={() => showDetail(task.id)}>
      <span className={css['title']}>{title}</span>
      <span className={css['track']}>
        {dense ? (
          <i className={css['stretch']} style={{ left: `${places[0]}%`, right: hasMore ? 0 : `${100 - places.at(-1)!}%` }} />
        ) : (
          places.map((place, index) => <i key={at[index]} className={css['mark']} style={{ left: `${place}%` }} title={format.exact(at[index]!)} />)
        )}
      </span>
    </button>
  );
}
