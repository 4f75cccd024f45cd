import { useMemo } from 'react';
import type { ChannelView } from '../../../preload/contract.ts';
import { ChannelIcon } from '../../components/channel-icon.tsx';
import { StatusPill } from '../../components/marks.tsx';
import { Table } from '../../components/table.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRows } from '../../components/use-rows.ts';
import { useLanguage } from '../../services.tsx';
import { channelTone } from '../../state/chats.ts';
import css from './channels.module.css';

interface ChannelTableProps {
  readonly channels: readonly ChannelView[];
  readonly openName: string | null;
}

export function ChannelTable({ channels, openName }: ChannelTableProps) {
  const { t, format } = useLanguage();
  const names = useMemo(() => channels.map(({ name }) => name), [channels]);
  const rows = useRows(names, openName);
  return (
    <Table className={css['columns']} label={t('nav.channels')} columns={[t('channel.channel'), t('channel.state'), t('channel.lastIn'), t('channel.lastOut'), t('channel.waitingColumn')]}>
      <tbody>
        {channels.map((channel) => (
          <tr key={channel.name} {...rows.row(channel.name)}>
            <th scope="row">
              <button {...rows.opener(channel.name)} className={css['open']}>
                <ChannelIcon channel={channel.name} named={false} />
                {t(`channel.names.${channel.name}`)}
              </button>
            </th>
            <td>
              <StatusPill tone={channelTone(channel)}>{t(channel.paused ? 'channel.states.paused' : `channel.states.${channel.state}`)}</StatusPill>
            </td>
            <td>{channel.lastInAt === null ? <span className={css['faint']}>{t('time.never')}</span> : <RelativeTime time={channel.lastInAt} />}</td>
            <td>{channel.lastOutAt === null ? <span className={css['faint']}>{t('time.never')}</span> : <RelativeTime time={channel.lastOutAt} />}</td>
            <td>{channel.waiting === 0 ? <span className={css['faint']}>0</span> : format.number(channel.waiting)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
