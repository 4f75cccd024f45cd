import { useCallback, useMemo } from 'react';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { StatusPill, Tag, type Tone } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRowKeys } from '../../components/use-list-keys.ts';
import { setFilters, showDetail } from '../../router.ts';
import { useLanguage } from '../../services.tsx';
import type { GroupNow, GroupState } from '../../state/groups.ts';
import { RunStatePill } from './run-state-pill.tsx';
import css from './agents.module.css';

const TONES: Readonly<Record<GroupState, Tone>> = { working: 'info', idle: 'ok', waiting: 'warn', paused: 'idle', quiet: 'idle' };

export function GroupStatePill({ state }: { readonly state: GroupState }) {
  const { t } = useLanguage();
  return <StatusPill tone={TONES[state]}>{t(`agents.state.${state}`)}</StatusPill>;
}

const rowOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);

function show(id: string): void {
  showDetail(id);
  setFilters({ run: '' });
}

interface GroupTableProps {
  readonly groups: readonly GroupNow[];
  readonly openId: string | null;
}

export function GroupTable({ groups, openId }: GroupTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => groups.map(({ group }) => group.id), [groups]);
  const move = useCallback(
    (id: string) => {
      rowOf(id)?.focus();
      if (openId !== null) show(id);
    },
    [openId],
  );
  const open = useCallback((id: string) => {
    show(id);
    focusDetail();
  }, []);
  const keys = useRowKeys(ids, move, open);
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          <th scope="col">{t('agents.group')}</th>
          <th scope="col">{t('agents.stateLabel')}</th>
          <th scope="col">{t('agents.queue')}</th>
          <th scope="col">{t('agents.lastRun')}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ group, state, waiting, last }, index) => (
          <tr key={group.id} className={cx(group.id === openId && css['selected'])} onClick={() => show(group.id)}>
            <th scope="row">
              <span className={css['line']}>
                <button
                  type="button"
                  data-row={group.id}
                  data-list={index === 0 || undefined}
                  aria-expanded={group.id === openId}
                  className={css['name']}
                  onKeyDown={keys}
                  onClick={(event) => {
                    event.stopPropagation();
                    if (event.detail === 0) open(group.id);
                    else show(group.id);
                  }}
                >
                  {group.name}
                </button>
                {group.isMain && <Tag>{t('agents.main')}</Tag>}
              </span>
            </th>
            <td>
              <GroupStatePill state={state} />
            </td>
            <td className={css['soft']}>{waiting.length === 0 ? t('agents.nothingWaits') : t('agents.waiting', { count: waiting.length })}</td>
            <td>
              {last === null ? (
                <span className={css['faint']}>{t('agents.neverRan')}</span>
              ) : (
                <span className={css['line']}>
                  <RunStatePill run={last} />
                  <span className={css['soft']}>
                    <RelativeTime time={last.endedAt ?? last.queuedAt} />
                  </span>
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
