import { useMemo } from 'react';
import { Info, OctagonAlert, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { NoticeView } from '../../../preload/contract.ts';
import { cx } from '../../components/cx.ts';
import { Table } from '../../components/table.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRows, type Rows } from '../../components/use-rows.ts';
import { useLanguage } from '../../services.tsx';
import { carriedBy, isMissed } from '../../state/notices.ts';
import { NoticeStatePill } from './notice-state-pill.tsx';
import css from './notifications.module.css';

interface NoticeTableProps {
  readonly notices: readonly NoticeView[];
  readonly openId: string | null;
}

const ICONS: Record<NoticeView['severity'], LucideIcon> = { info: Info, warning: TriangleAlert, critical: OctagonAlert };
export function NoticeTable({ notices, openId }: NoticeTableProps) {
  const { t } = useLanguage();
  const ids = useMemo(() => notices.map(({ id }) => String(id)), [notices]);
  const rows = useRows(ids, openId);
  return (
    <Table className={css['columns']} columns={[t('notice.what'), t('notice.summary'), t('notice.state'), t('notice.by'), t('notice.at')]}>
      <tbody>
        {notices.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} rows={rows} />
        ))}
      </tbody>
    </Table>
  );
}

interface NoticeRowProps {
  readonly notice: NoticeView;
  readonly rows: Rows;
}

function NoticeRow({ notice, rows }: NoticeRowProps) {
  const { t, locale } = useLanguage();
  const { title, summary } = notice.texts[locale === 'ko' ? 'ko' : 'en'];
  const Icon = ICONS[notice.severity];
  const id = String(notice.id);
  const by = carriedBy(notice).map((channel) => t(`notice.channels.${channel}`)).join(', ');
  return (
    <tr {...rows.row(id)} className={cx(isMissed(notice) && css['missed'])}>
      <th scope="row">
        <button {...rows.opener(id)} className={css['name']} title={title}>
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
