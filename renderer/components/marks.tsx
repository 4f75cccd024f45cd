import type { Importance, TaskStatus } from '../../preload/contract.ts';
import { useLanguage } from '../services.tsx';
import { cx } from './cx.ts';
import css from './marks.module.css';

/** Small signs whose shape alone tells the state; the word is beside them or in the accessible name. */

const RING = <circle cx="7" cy="7" r="5.25" fill="none" stroke="currentColor" strokeWidth="1.5" />;
const TASK_SHAPES: Record<TaskStatus, React.ReactNode> = {
  open: RING,
  in_progress: (
    <>
      {RING}
      <path d="M7 3.75a3.25 3.25 0 0 1 0 6.5z" fill="currentColor" />
    </>
  ),
  blocked: (
    <>
      {RING}
      <path d="M4.5 7h5" stroke="currentColor" strokeWidth="1.75" />
    </>
  ),
  done: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M4.4 7.2 6.2 9l3.5-3.9" fill="none" stroke="var(--surface)" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  cancelled: (
    <>
      {RING}
      <path d="m5.2 5.2 3.6 3.6m0-3.6L5.2 8.8" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
};

export function TaskStatusMark({ status, named = false }: { readonly status: TaskStatus; readonly named?: boolean }) {
  const { t } = useLanguage();
  const label = t(`task.status.${status}`);
  return (
    <span className={cx(css['mark'], css[status])}>
      <svg width="14" height="14" viewBox="0 0 14 14" role={named ? undefined : 'img'} aria-label={named ? undefined : label} aria-hidden={named}>
        {TASK_SHAPES[status]}
      </svg>
      {named && <span className={css['named']}>{label}</span>}
    </span>
  );
}

/** Bars for 1 (first) to 5 (last), as on a phone's signal: more bars, sooner. */
export function PriorityMark({ priority, named = false }: { readonly priority: number; readonly named?: boolean }) {
  const { t } = useLanguage();
  const label = t('task.priority', { n: priority });
  return (
    <span className={css['mark']} title={named ? undefined : label}>
      <svg width="14" height="14" viewBox="0 0 14 14" role={named ? undefined : 'img'} aria-label={named ? undefined : label} aria-hidden={named}>
        {priority === 1 ? (
          <>
            <rect x="1" y="1" width="12" height="12" rx="3" fill="currentColor" />
            <path d="M7 3.8v3.9M7 9.6v.7" stroke="var(--surface)" strokeWidth="1.6" strokeLinecap="round" />
          </>
        ) : (
          [4, 3, 2].map((least, bar) => (
            <rect key={least} x={1.5 + bar * 4} y={9 - bar * 3} width="3" height={4 + bar * 3} rx="1" fill="currentColor" opacity={priority <= least ? 1 : 0.28} />
          ))
        )}
      </svg>
      {named && label}
    </span>
  );
}

export type Tone = 'ok' | 'warn' | 'info' | 'idle' | 'danger';

const TONE_SHAPES: Record<Tone, React.ReactNode> = {
  ok: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  info: <path d="M5 .8 9.2 5 5 9.2.8 5z" fill="currentColor" />,
  warn: <path d="M5 1 9.4 9H.6z" fill="currentColor" strokeLinejoin="round" />,
  idle: <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  danger: <rect x="1" y="1" width="8" height="8" rx="1.5" fill="currentColor" />,
};

/** A state in a word, with its shape. */
export function StatusPill({ tone, children }: { readonly tone: Tone; readonly children: React.ReactNode }) {
  return (
    <span className={cx(css['pill'], css[tone])}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden>
        {TONE_SHAPES[tone]}
      </svg>
      {children}
    </span>
  );
}

/** Importance above normal, in a word; nothing for what is normal. */
export function ImportanceBadge({ importance }: { readonly importance: Importance }) {
  const { t } = useLanguage();
  if (importance === 'normal') return null;
  return <span className={cx(css['badge'], css[`importance-${importance}`])}>{t(`message.importance.${importance}`)}</span>;
}

interface CountBadgeProps {
  readonly count: number;
  readonly label: string;
  readonly strong?: boolean;
  /** Shown instead of the count. */
  readonly sign?: string;
}

/** A count on something; nothing for zero. */
export function CountBadge({ count, label, strong = false, sign }: CountBadgeProps) {
  const { format } = useLanguage();
  if (count === 0) return null;
  return (
    <span className={cx(css['count'], strong && css['strong'])}>
      <span aria-hidden>{sign ?? (count > 999 ? '999+' : format.number(count))}</span>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}

/** A short word in a frame. */
export function Tag({ children, title }: { readonly children: React.ReactNode; readonly title?: string | undefined }) {
  return (
    <span className={css['tag']} title={title}>
      {children}
    </span>
  );
}

export function Kbd({ children }: { readonly children: React.ReactNode }) {
  return <kbd className={css['kbd']}>{children}</kbd>;
}

/** An id as text that can be told apart: digits and letters of one width. */
export function Mono({ children, title }: { readonly children: React.ReactNode; readonly title?: string | undefined }) {
  return (
    <span className={css['mono']} title={title}>
      {children}
    </span>
  );
}
