import { useMemo } from 'react';
import { StatusPill, Tag, type Tone } from '../../components/marks.tsx';
import { Table } from '../../components/table.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRows } from '../../components/use-rows.ts';
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
  const rows = useRows(ids, openId, show);
  return (
    <Table className={css['columns']} columns={[t('agents.group'), t('agents.stateLabel'), t('agents.queue'), t('agents.lastRun')]}>
      <tbody>
        {groups.map(({ group, state, waiting, last }) => (
          <tr key={group.id} {...rows.row(group.id)}>
            <th scope="row">
              <span className={css['line']}>
                <button {...rows.opener(group.id)} className={css['name']}>
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
    </Table>
  );
}
