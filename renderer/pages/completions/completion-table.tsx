import { useMemo } from 'react';
import type { CompletionView } from '../../../preload/contract.ts';
import { Tag } from '../../components/marks.tsx';
import { Table } from '../../components/table.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRows, type Rows } from '../../components/use-rows.ts';
import { useLanguage } from '../../services.tsx';
import { isOpen } from '../../state/completions.ts';
import { AckButton } from './ack-button.tsx';
import { CompletionStatePill } from './completion-state-pill.tsx';
import css from './completions.module.css';

interface CompletionTableProps {
  readonly completions: readonly CompletionView[];
  readonly openId: string | null;
}

export function CompletionTable({ completions, openId }: CompletionTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => completions.map(({ id }) => String(id)), [completions]);
  const rows = useRows(ids, openId);
  return (
    <Table className={css['columns']} columns={[t('completion.task'), t('completion.state'), t('completion.team'), t('completion.what'), t('completion.finished'), { text: t('completion.actions'), hidden: true }]}>
      <tbody>
        {completions.map((completion) => (
          <CompletionRow key={completion.id} completion={completion} rows={rows} />
        ))}
      </tbody>
    </Table>
  );
}

interface CompletionRowProps {
  readonly completion: CompletionView;
  readonly rows: Rows;
}

function CompletionRow({ completion, rows }: CompletionRowProps) {
  const { t } = useLanguage();
  const { task, times, team, summary, finishedAt } = completion;
  const id = String(completion.id);
  return (
    <tr {...rows.row(id)}>
      <th scope="row">
        <button {...rows.opener(id)} className={css['name']} title={task}>
          <span>{task}</span>
          {times > 1 && <Tag title={t('completion.timesTitle', { n: times })}>{t('completion.times', { n: times })}</Tag>}
        </button>
      </th>
      <td>
        <CompletionStatePill completion={completion} />
      </td>
      <td className={css['soft']} title={team ?? undefined}>
        {team}
      </td>
      <td className={css['soft']} title={summary ?? undefined}>
        {summary}
      </td>
      <td>
        <RelativeTime time={finishedAt} />
      </td>
      <td>{isOpen(completion) && <AckButton completion={completion} />}</td>
    </tr>
  );
}
