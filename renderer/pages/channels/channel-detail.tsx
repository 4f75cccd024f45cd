import { useState } from 'react';
import { Link2, Link2Off, Pause, Play, RefreshCw, Send } from 'lucide-react';
import type { CallName, ChannelView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts, Section } from '../../components/facts.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { StatusPill } from '../../components/marks.tsx';
import { SecretField } from '../../components/secret-field.tsx';
import { Deadline, RelativeTime } from '../../components/time.tsx';
import { useSecrets } from '../../components/use-secrets.ts';
import { useCall, useLanguage, useServices } from '../../services.tsx';
import { channelTone } from '../../state/chats.ts';
import { Pairing } from './pairing.tsx';
import css from './channels.module.css';

interface ChannelDetailProps {
  readonly channel: ChannelView;
  readonly onClose: () => void;
}

type ChannelCall = Extract<CallName, 'channels.pause' | 'channels.resume' | 'channels.test' | 'channels.refreshGroups' | 'channels.unpair'>;

/** How one channel stands, and what can be done about it. */
export function ChannelDetail({ channel, onClose }: ChannelDetailProps) {
  const { t, format, own } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const { name, state, paused, reason } = channel;
  const title = t(`channel.names.${name}`);
  const connected = state === 'connected';
  const run = async (what: ChannelCall, done: string | null): Promise<void> => {
    setBusy(true);
    const answer = await call(what, { channel: name }, t('channel.failed', { channel: title }));
    setBusy(false);
    if (answer.ok && done !== null) toasts.getState().show({ tone: 'done', title: done });
  };
  return (
    <DetailPane label={title} title={title} onClose={onClose}>
      <p className={css['state']}>
        <StatusPill tone={channelTone(channel)}>{t(paused ? 'channel.states.paused' : `channel.states.${state}`)}</StatusPill>
        {channel.as !== null && <span>{channel.as}</span>}
      </p>
      {reason !== null && <p className={css['reason']}>{own(reason)}</p>}
      <p className={css['about']}>{t(paused ? 'channel.pausedHint' : `channel.about.${name}`)}</p>
      <Facts>
        <Fact label={t('channel.lastIn')}>{channel.lastInAt === null ? t('time.never') : <RelativeTime time={channel.lastInAt} />}</Fact>
        <Fact label={t('channel.lastOut')}>{channel.lastOutAt === null ? t('time.never') : <RelativeTime time={channel.lastOutAt} />}</Fact>
        <Fact label={t('channel.waitingColumn')}>{format.number(channel.waiting)}</Fact>
        {channel.retryAt !== null && (
          <Fact label={t('channel.retry')}>
            <Deadline time={channel.retryAt} />
          </Fact>
        )}
      </Facts>
      <div className={css['actions']}>
        {paused ? (
          <Button icon={Play} disabled={busy} onClick={() => void run('channels.resume', t('channel.resumed', { channel: title }))}>
            {t('channel.resume')}
          </Button>
        ) : (
          <Button icon={Pause} disabled={busy || state === 'off'} onClick={() => void run('channels.pause', t('channel.pausedDone', { channel: title }))}>
            {t('channel.pause')}
          </Button>
        )}
        <Button icon={Send} disabled={busy || !connected} onClick={() => void run('channels.test', t('channel.tested'))}>
          {t('channel.test')}
        </Button>
        {name === 'whatsapp' && (
          <Button icon={RefreshCw} disabled={busy || !connected} onClick={() => void run('channels.refreshGroups', t('channel.refreshed'))}>
            {t('channel.refresh')}
          </Button>
        )}
      </div>
      {name === 'whatsapp' && (
        <Section title={t('channel.pairing.title')}>
          <Pairing channel={channel} icon={Link2} />
          {state !== 'off' && (
            <Button kind="quiet" icon={Link2Off} disabled={busy} onClick={() => void run('channels.unpair', t('channel.pairing.unpaired'))}>
              {t('channel.pairing.unpair')}
            </Button>
          )}
        </Section>
      )}
      {name === 'telegram' && <Bot connected={connected} />}
    </DetailPane>
  );
}

/** The bot of Telegram: its token, and until it is connected how to get one. */
function Bot({ connected }: { readonly connected: boolean }) {
  const { t } = useLanguage();
  const secrets = useSecrets();
  return (
    <Section title={t(connected ? 'channel.telegram.bot' : 'channel.telegram.title')}>
      {!connected && (
        <ol className={css['steps']}>
          <li>{t('channel.telegram.step1')}</li>
          <li>{t('channel.telegram.step2')}</li>
          <li>{t('channel.telegram.step3')}</li>
        </ol>
      )}
      <div className={css['token']}>
        <SecretField name="ANU_BOT_TOKEN" secrets={secrets} />
      </div>
    </Section>
  );
}
