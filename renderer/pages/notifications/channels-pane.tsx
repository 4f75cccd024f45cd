import { useState } from 'react';
import type { NoticeChannel, NoticeChannelView, SecretView } from '../../../preload/contract.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/facts.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { DetailPane } from '../../components/list-detail.tsx';
import { Mono, StatusPill, type Tone } from '../../components/marks.tsx';
import { SecretField, type WindowSecret } from '../../components/secret-field.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { useSecrets } from '../../components/use-secrets.ts';
import { useCall, useLanguage, useServices, useSnapshot } from '../../services.tsx';
import { isMuted, NOTICE_TYPES } from '../../state/notices.ts';
import css from './notifications.module.css';

/** The place of this pane in the address. */
export const CHANNELS = 'channels';

const TONES: Record<NoticeChannelView['state'], Tone> = { off: 'idle', unavailable: 'warn', failing: 'danger', ready: 'ok' };
const QUIET_HOURS = /^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/;

/** Where notices go, when they do not, and what the person does not want to hear. */
export function ChannelsPane({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLanguage();
  const { channels, quietHours } = useSnapshot((snapshot) => snapshot.notices);
  const secrets = useSecrets();
  return (
    <DetailPane label={t('notice.settings.title')} onClose={onClose} title={t('notice.settings.title')}>
      <ul className={css['channels']}>
        {channels.map((channel) => (
          <Channel key={channel.channel} channel={channel} secrets={secrets} />
        ))}
      </ul>
      <Section title={t('notice.settings.quiet')}>
        <QuietHours key={quietHours} hours={quietHours} />
      </Section>
      <Section title={t('notice.settings.which')}>
        <p className={css['faint']}>{t('notice.settings.whichHint')}</p>
        <Preferences />
      </Section>
    </DetailPane>
  );
}

/** What each of them takes to be let in. */
const SECRETS: Partial<Record<NoticeChannel, WindowSecret>> = { telegram: 'ANU_BOT_TOKEN', discord: 'DISCORD_WEBHOOK_URL', ntfy: 'NTFY_TOKEN' };

interface ChannelProps {
  readonly channel: NoticeChannelView;
  readonly secrets: readonly SecretView[] | null;
}

function Channel({ channel: { channel, state, target, reason, lastOkAt }, secrets }: ChannelProps) {
  const { t, find } = useLanguage();
  const name = t(`notice.channels.${channel}`);
  const secret = SECRETS[channel];
  const why = state === 'off' ? find(`notice.settings.setUp.${channel}`, {}) : reason;
  return (
    <li>
      <p className={css['line']}>
        <strong>{name}</strong>
        <StatusPill tone={TONES[state]}>{t(`notice.channelStates.${state}`)}</StatusPill>
        {target !== '' && <Mono>{target}</Mono>}
        <span className={css['spring']} />
        {(state === 'ready' || state === 'failing') && <SendTest channel={channel} name={name} />}
      </p>
      {why !== null && state !== 'ready' && <p className={css['faint']}>{why}</p>}
      {lastOkAt !== null && (
        <p className={css['faint']}>
          {t('notice.settings.lastOk')} <RelativeTime time={lastOkAt} />
        </p>
      )}
      {secret !== undefined && <SecretField name={secret} secrets={secrets} />}
    </li>
  );
}

function SendTest({ channel, name }: { readonly channel: NoticeChannel; readonly name: string }) {
  const { t } = useLanguage();
  const { toasts } = useServices();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('notices.test', { channel }, t('notice.settings.testFailed', { channel: name }));
    setBusy(false);
    if (!answer.ok) return;
    const { delivered, reason } = answer.result;
    if (delivered) toasts.getState().show({ tone: 'done', title: t('notice.settings.testDone', { channel: name }) });
    else toasts.getState().show({ tone: 'problem', title: t('notice.settings.testFailed', { channel: name }), text: reason ?? '' });
  };
  return (
    <Button size="small" disabled={busy} aria-label={t('notice.settings.testLabel', { channel: name })} onClick={() => void send()}>
      {t(busy ? 'notice.settings.testing' : 'notice.settings.test')}
    </Button>
  );
}

function QuietHours({ hours }: { readonly hours: string }) {
  const { t } = useLanguage();
  const call = useCall();
  const [text, setText] = useState(hours);
  const wrong = text !== '' && !QUIET_HOURS.test(text);
  const save = async (): Promise<void> => {
    await call('notices.setQuietHours', { hours: text }, t('notice.settings.quietFailed'));
  };
  return (
    <form
      className={css['quiet']}
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) void save();
      }}
    >
      <Field label={t('notice.settings.quietLabel')} hint={t('notice.settings.quietHint')} error={wrong ? t('notice.settings.quietWrong') : null}>
        {(control) => <TextInput {...control} value={text} placeholder="22:00-07:00" maxLength={11} onChange={(event) => setText(event.target.value.trim())} />}
      </Field>
      <Button type="submit" disabled={wrong || text === hours}>
        {t('notice.settings.quietSave')}
      </Button>
    </form>
  );
}

/** One row per type, one box per channel that is set up. */
function Preferences() {
  const { t } = useLanguage();
  const call = useCall();
  const notices = useSnapshot((snapshot) => snapshot.notices);
  const channels = notices.channels.filter(({ state }) => state !== 'off').map(({ channel }) => channel);
  if (channels.length === 0) return null;
  return (
    <table className={css['preferences']}>
      <thead>
        <tr>
          <th scope="col">{t('notice.type')}</th>
          {channels.map((channel) => (
            <th scope="col" key={channel}>
              {t(`notice.channels.${channel}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {NOTICE_TYPES.map((type) => (
          <tr key={type}>
            <th scope="row">{t(`notice.types.${type}`)}</th>
            {channels.map((channel) => {
              const muted = isMuted(notices, type, channel);
              return (
                <td key={channel}>
                  <input
                    type="checkbox"
                    checked={!muted}
                    aria-label={t('notice.settings.tellLabel', { type: t(`notice.types.${type}`), channel: t(`notice.channels.${channel}`) })}
                    onChange={() => void call('notices.mute', { type, channel, muted: !muted }, t('notice.settings.muteFailed'))}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
