import { useCallback, useMemo } from 'react';
import type { CompletionView } from '../../../preload/contract.ts';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { Tag } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRowKeys } from '../../components/use-list-keys.ts';
import { showDetail } from '../../router.ts';
import { useLanguage } from '../../services.tsx';
import { isOpen } from '../../state/completions.ts';
import { AckButton } from './ack-button.tsx';
import { CompletionStatePill } from './completion-state-pill.tsx';
import css from './completions.module.css';

interface CompletionTableProps {
  readonly completions: readonly CompletionView[];
  readonly openId: string | null;
}

const rowOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);

export function CompletionTable({ completions, openId }: CompletionTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => completions.map(({ id }) => String(id)), [completions]);
  const move = useCallback(
    (id: string) => {
      rowOf(id)?.focus();
      if (openId !== null) showDetail(id);
    },
    [openId],
  );
  const open = useCallback((id: string) => {
    showDetail(id);
    focusDetail();
  }, []);
  const keys = useRowKeys(ids, move, open);
  return (
    <table className={css['table']}>
      <thead>
        <tr>
          <th scope="col">{t('completion.task')}</th>
          <th scope="col">{t('completion.state')}</th>
          <th scope="col">{t('completion.team')}</th>
          <th scope="col">{t('completion.what')}</th>
          <th scope="col">{t('completion.finished')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('completion.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {completions.map((completion) => (
          <CompletionRow key={completion.id} completion={completion} first={String(completion.id) === ids[0]} open={String(completion.id) === openId} onKeyDown={keys} onOpen={open} />
        ))}
      </tbody>
    </table>
  );
}

interface CompletionRowProps {
  readonly completion: CompletionView;
  readonly first: boolean;
  readonly open: boolean;
  readonly onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => void;
  readonly onOpen: (id: string) => void;
}

function CompletionRow({ completion, first, open, onKeyDown, onOpen }: CompletionRowProps) {
  const { t } = useLanguage();
  const { task, times, team, summary, finishedAt } = completion;
  const id = String(completion.id);
  return (
    <tr className={cx(open && css['selected'])} onClick={() => showDetail(id)}>
      <th scope="row">
        <button
          type="button"
          data-row={id}
          data-list={first || undefined}
          aria-expanded={open}
          className={css['name']}
          title={task}
          onKeyDown={onKeyDown}
          onClick={(event) => {
            event.stopPropagation();
            if (event.detail === 0) onOpen(id);
            else showDetail(id);
          }}
        >
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
