import { useCallback, useMemo } from 'react';
import { Info, OctagonAlert, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { NoticeView } from '../../../preload/contract.ts';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRowKeys } from '../../components/use-list-keys.ts';
import { showDetail } from '../../router.ts';
import { useLanguage } from '../../services.tsx';
import { carriedBy, isMissed } from '../../state/notices.ts';
import { NoticeStatePill } from './notice-state-pill.tsx';
import css from './notifications.module.css';

interface NoticeTableProps {
  readonly notices: readonly NoticeView[];
  readonly openId: string | null;
}

const ICONS: Record<NoticeView['severity'], LucideIcon> = { info: Info, warning: TriangleAlert, critical: OctagonAlert };
const rowOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);

export function NoticeTable({ notices, openId }: NoticeTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => notices.map(({ id }) => String(id)), [notices]);
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
          <th scope="col">{t('notice.what')}</th>
          <th scope="col">{t('notice.summary')}</th>
          <th scope="col">{t('notice.state')}</th>
          <th scope="col">{t('notice.by')}</th>
          <th scope="col">{t('notice.at')}</th>
        </tr>
      </thead>
      <tbody>
        {notices.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} first={String(notice.id) === ids[0]} open={String(notice.id) === openId} onKeyDown={keys} onOpen={open} />
        ))}
      </tbody>
    </table>
  );
}

interface NoticeRowProps {
  readonly notice: NoticeView;
  readonly first: boolean;
  readonly open: boolean;
  readonly onKeyDown: (event: React.KeyboardEvent<HTMLElement>) => void;
  readonly onOpen: (id: string) => void;
}

function NoticeRow({ notice, first, open, onKeyDown, onOpen }: NoticeRowProps) {
  const { t, locale } = useLanguage();
  const { title, summary } = notice.texts[locale === 'ko' ? 'ko' : 'en'];
  const Icon = ICONS[notice.severity];
  const id = String(notice.id);
  const by = carriedBy(notice).map((channel) => t(`notice.channels.${channel}`)).join(', ');
  return (
    <tr className={cx(open && css['selected'], isMissed(notice) && css['missed'])} onClick={() => showDetail(id)}>
      <th scope="row">
        <button
          type="button"
          data-row={id}
          data-list={first || undefined}
          aria-expanded={open}
          className={css['name']}
          title={title}
          onKeyDown={onKeyDown}
          onClick={(event) => {
            event.stopPropagation();
            if (event.detail === 0) onOpen(id);
            else showDetail(id);
          }}
        >
          <Icon size={14} aria-label={t(`notice.severities.${notice.severity}`)} className={css[notice.severity]} />
          <span>{title}</span>
        </button>
      </th>
      <td className={css['soft']} title={summary}>
        {summary}
      </td>
      <td>
        <NoticeStatePill state={notice.state} />
      </td>
      <td className={css['soft']} title={by}>
        {by}
      </td>
      <td>
        <RelativeTime time={notice.createdAt} />
      </td>
    </tr>
  );
}
