import { useCallback } from 'react';
import type { ChannelView } from '../../../preload/contract.ts';
import { ChannelIcon } from '../../components/channel-icon.tsx';
import { cx } from '../../components/cx.ts';
import { focusDetail } from '../../components/list-detail.tsx';
import { StatusPill } from '../../components/marks.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useRowKeys } from '../../components/use-list-keys.ts';
import { showDetail } from '../../router.ts';
import { useLanguage } from '../../services.tsx';
import { channelTone } from '../../state/chats.ts';
import css from './channels.module.css';

const rowOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);

interface ChannelTableProps {
  readonly channels: readonly ChannelView[];
  readonly openName: string | null;
}

export function ChannelTable({ channels, openName }: ChannelTableProps) {
  const { t, format } = useLanguage();
  const move = useCallback(
    (name: string) => {
      rowOf(name)?.focus();
      if (openName !== null) showDetail(name);
    },
    [openName],
  );
  const open = useCallback((name: string) => {
    showDetail(name);
    focusDetail();
  }, []);
  const keys = useRowKeys(
    channels.map(({ name }) => name),
    move,
    open,
  );
  return (
    <table className={css['table']} aria-label={t('nav.channels')}>
      <thead>
        <tr>
          <th scope="col">{t('channel.channel')}</th>
          <th scope="col">{t('channel.state')}</th>
          <th scope="col">{t('channel.lastIn')}</th>
          <th scope="col">{t('channel.lastOut')}</th>
          <th scope="col">{t('channel.waitingColumn')}</th>
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <tr key={channel.name} className={cx(channel.name === openName && css['selected'])}>
            <th scope="row">
              <button type="button" className={css['open']} data-row={channel.name} aria-expanded={channel.name === openName} onClick={() => open(channel.name)} onKeyDown={keys}>
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
    </table>
  );
}
